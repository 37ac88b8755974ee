import type { AttemptReport } from "../../../server/sessions/protocol/index.ts";
import { Button, Dialog, ErrorNotice, Notice } from "../../ui/index.ts";
import { type NumberedTask, unfinished } from "../tasks/tasks.ts";

export interface SubmitDialogProps {
  readonly kind: "lab" | "exam";
  readonly tasks: readonly NumberedTask[];
  /** It was assigned: only an instructor ends it without grading. */
  readonly assigned: boolean;
  /** What the last check gave. */
  readonly check: AttemptReport | undefined;
  /** Texts that the server does not have yet. */
  readonly unsaved: number;
  readonly grading: boolean;
  readonly error: unknown;
  readonly onSubmit: () => void;
  readonly onAbandon: () => void;
  readonly onClose: () => void;
}

/** What is still open, before it is too late to do it. */
export function SubmitDialog({
  kind,
  tasks,
  assigned,
  check,
  unsaved,
  grading,
  error,
  onSubmit,
  onAbandon,
  onClose,
}: SubmitDialogProps) {
  const open = unfinished(tasks);
  const clusters = new Set(tasks.map(({ part }) => part.part)).size;
  const rows = [
    open.untouched.length > 0 ? `Not begun: ${taskNames(open.untouched)}` : "",
    ...open.unanswered.map(
      ({ number, questions }) =>
        `Task ${number}: ${questions === 1 ? "1 question is" : `${questions} questions are`} not answered`,
    ),
    open.flagged.length > 0 ? `Flagged: ${taskNames(open.flagged)}` : "",
    check === undefined || check.percent >= 100 ? "" : checkText(check),
  ].filter((row) => row !== "");
  return (
    <Dialog
      title={grading ? "Grading…" : kind === "exam" ? "Submit the exam?" : "Submit?"}
      open
      onClose={grading ? () => {} : onClose}
      actions={
        grading ? undefined : (
          <>
            {assigned ? null : (
              <Button look="quiet" onPress={onAbandon}>
                Give it up…
              </Button>
            )}
            <Button onPress={onClose}>Go on working</Button>
            <Button look="primary" autoFocus onPress={onSubmit}>
              Submit
            </Button>
          </>
        )
      }
    >
      {grading ? (
        <div className="grading" role="status">
          <span className="grading-bar" aria-hidden="true" />
          <p>{clusters > 1 ? "Your clusters are" : "Your cluster is"} being checked. The result opens by itself.</p>
        </div>
      ) : (
        <>
          {error ? <ErrorNotice error={error} /> : null}
          {unsaved > 0 ? (
            <Notice
              kind="warn"
              title={unsaved === 1 ? "1 text is not saved yet." : `${unsaved} texts are not saved yet.`}
            >
              They are graded only if they reach the server before you submit.
            </Notice>
          ) : null}
          {rows.length > 0 ? (
            <ul className="submit-open">
              {rows.map((row) => (
                <li key={row}>{row}</li>
              ))}
            </ul>
          ) : null}
          <p>
            {rows.length === 0 ? "Nothing is left open. " : ""}
            {clusters > 1
              ? "Your clusters are graded as they are now, and their terminals close."
              : "Your cluster is graded as it is now, and its terminals close."}
          </p>
        </>
      )}
    </Dialog>
  );
}

function checkText({ parts }: AttemptReport): string {
  const failed = parts.flatMap(({ report }) => report.results).filter(({ outcome }) => outcome !== "pass").length;
  return `The last check: ${failed === 1 ? "1 was" : `${failed} were`} not passed`;
}

function taskNames(numbers: readonly number[]): string {
  if (numbers.length === 1) return `task ${numbers[0]}`;
  return `tasks ${numbers.slice(0, -1).join(", ")} and ${numbers.at(-1)}`;
}
