import { chipState, type NumberedTask } from "../tasks/tasks.ts";

export interface TaskChipsProps {
  readonly tasks: readonly NumberedTask[];
  /** Key of the task that is shown. */
  readonly current: string;
  readonly onChoose: (task: NumberedTask) => void;
}

/** The attempt's tasks, numbered, with how far each is. */
export function TaskChips({ tasks, current, onChoose }: TaskChipsProps) {
  return (
    <nav aria-label="Tasks" className="chips-nav">
      <ol className="chips">
        {tasks.map((row) => {
          const { glyph, words, kind } = chipState(row);
          const title = `Task ${row.number}, ${row.part.title}: ${words}`;
          return (
            <li key={row.key}>
              <button
                type="button"
                className="chip"
                data-kind={kind}
                aria-current={row.key === current ? "step" : undefined}
                aria-label={title}
                title={title}
                onClick={() => onChoose(row)}
              >
                <span className="chip-number">{row.number}</span>
                <span className="chip-glyph" aria-hidden="true">
                  {glyph}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
