import type { Place, TaskHost } from "./place.ts";
import type { TerminalRow, TerminalsState } from "./terminals.ts";

export interface StatusLineProps {
  readonly state: TerminalsState;
  readonly row: TerminalRow | undefined;
  readonly where: Place | undefined;
  /** In an exam: the task's host that it is on or behind. */
  readonly task: TaskHost | undefined;
}

/** Where the terminal is, how large, and what became of what was typed. */
export function StatusLine({ state, row, where, task }: StatusLineProps) {
  return (
    <div className="status-line">
      <span className="status-unsent" role="status">
        {state.unsent ? "What you typed was not sent: the terminal is not connected." : ""}
      </span>
      {row && where ? (
        <>
          <span>
            {where.user}@{where.host}
            {task === undefined ? "" : ` ${task.further === undefined ? "on" : "through"} ${task.ssh}`}
          </span>
          <span>
            <span className="only-read">Size: </span>
            {row.size.cols}×{row.size.rows}
            {row.follows ? " (another window's size)" : ""}
          </span>
        </>
      ) : null}
      <span className="status-keys">
        <kbd>Ctrl</kbd>+<kbd>Alt</kbd>+<kbd>←</kbd> to the task · <kbd>F6</kbd> next region
      </span>
    </div>
  );
}
