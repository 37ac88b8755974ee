import { useCallback, useEffect, useState } from "react";
import { advance, moveTo, toggle, type Course } from "./course.ts";

export interface CourseControls {
  readonly course: Course;
  /** Goes to a moment; what plays goes on from there. */
  readonly goTo: (at: number) => void;
  readonly toggle: () => void;
  readonly setSpeed: (speed: number) => void;
  readonly setSkipIdle: (skip: boolean) => void;
}

/** A way through the time of an attempt, which goes on by itself while it is played. */
export function useCourse(from: number, until: number, activity: readonly number[]): CourseControls {
  const [course, setCourse] = useState<Course>({ at: from, from, until, playing: false, speed: 1, skipIdle: true });
  const { playing } = course;
  useEffect(() => {
    if (!playing) return;
    let last = performance.now();
    let frame = requestAnimationFrame(function draw(now) {
      const elapsed = now - last;
      last = now;
      setCourse((before) => advance(before, elapsed, activity));
      frame = requestAnimationFrame(draw);
    });
    return () => cancelAnimationFrame(frame);
  }, [playing, activity]);
  return {
    course,
    goTo: useCallback((at) => setCourse((now) => moveTo(now, at)), []),
    toggle: useCallback(() => setCourse(toggle), []),
    setSpeed: useCallback((speed) => setCourse((now) => ({ ...now, speed })), []),
    setSkipIdle: useCallback((skipIdle) => setCourse((now) => ({ ...now, skipIdle })), []),
  };
}
