/** The way of a replay through time: which moment is shown, how quickly it goes on, and what is left out. */

export const SPEEDS = [0.5, 1, 2, 4, 8, 16] as const;

/** Spans longer than that, in which nothing is printed, are left out if somebody wants that. */
const IDLE = 2_000;
/** So much of them is left before it goes on, so that one sees where it does. */
const BEFORE = 400;

export interface Course {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly from: number;
  readonly until: number;
  readonly playing: boolean;
  readonly speed: number;
  readonly skipIdle: boolean;
}

export function moveTo(course: Course, at: number): Course {
  return { ...course, at: Math.round(Math.min(course.until, Math.max(course.from, at))) };
}

/** Plays, or stops. At the end it begins again. */
export function toggle(course: Course): Course {
  if (course.playing) return { ...course, playing: false };
  return { ...course, playing: true, at: course.at >= course.until ? course.from : course.at };
}

/** After so many real milliseconds. `activity` are the times at which something was printed, in order. */
export function advance(course: Course, elapsed: number, activity: readonly number[]): Course {
  if (!course.playing) return course;
  let at = course.at + elapsed * course.speed;
  if (course.skipIdle) {
    const next = activity[firstAfter(activity, course.at)] ?? course.until;
    if (next - course.at > IDLE) at = Math.max(at, next - BEFORE);
  }
  if (at >= course.until) return { ...course, at: course.until, playing: false };
  return { ...course, at };
}

/** Index of the first of the ascending times that is later than `at`. */
export function firstAfter(times: readonly number[], at: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The next of the ascending times, or the last one before; undefined if there is none. */
export function step(times: readonly number[], at: number, direction: "next" | "previous"): number | undefined {
  const after = firstAfter(times, at);
  if (direction === "next") return times[after];
  return times[after - 1] === at ? times[after - 2] : times[after - 1];
}
