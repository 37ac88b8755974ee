import { Button, Icon } from "../../ui/index.ts";
import { momentText } from "../moment.ts";
import { SPEEDS } from "./course.ts";
import type { CourseControls } from "./use-course.ts";

export interface ControlsProps {
  readonly controls: CourseControls;
  readonly onStep: (direction: "next" | "previous") => void;
  readonly onComment: () => void;
}

/** Play and pause, how quickly, and the way from command to command. */
export function Controls({ controls, onStep, onComment }: ControlsProps) {
  const { course } = controls;
  return (
    <div className="replay-controls" role="toolbar" aria-label="Replay">
      <Button look="primary" onPress={controls.toggle} aria-keyshortcuts="Space">
        <Icon name={course.playing ? "pause" : "play"} />
        {course.playing ? "Pause" : "Play"}
      </Button>
      <Button look="quiet" aria-label="The command before" onPress={() => onStep("previous")} aria-keyshortcuts="[">
        <Icon name="left" />
      </Button>
      <Button look="quiet" aria-label="The next command" onPress={() => onStep("next")} aria-keyshortcuts="]">
        <Icon name="right" />
      </Button>
      <span className="replay-clock" data-testid="replay-clock">
        <span className="only-read">Moment </span>
        {momentText(course.at - course.from)}
        <span className="replay-clock-of"> / {momentText(course.until - course.from)}</span>
      </span>
      <label className="replay-speed">
        Speed{" "}
        <select value={course.speed} onChange={(event) => controls.setSpeed(Number(event.target.value))}>
          {SPEEDS.map((speed) => (
            <option key={speed} value={speed}>
              {speed}×
            </option>
          ))}
        </select>
      </label>
      <label className="replay-skip">
        <input
          type="checkbox"
          checked={course.skipIdle}
          onChange={(event) => controls.setSkipIdle(event.target.checked)}
        />
        Skip pauses
      </label>
      <span className="replay-space" />
      <Button onPress={onComment} aria-keyshortcuts="c">
        Comment here
      </Button>
    </div>
  );
}
