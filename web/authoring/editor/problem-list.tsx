import type { LabProblem } from "../../../server/sessions/protocol/index.ts";
import { Icon } from "../../ui/index.ts";
import type { Jump } from "./code-editor.tsx";
import type { Checked } from "./use-check.ts";

/** What the server says of the draft; each leads to its place. */
export function ProblemList({ checked, onJump }: { readonly checked: Checked; readonly onJump: (to: Jump) => void }) {
  const { check, checking, error } = checked;
  const problems = check?.problems ?? [];
  return (
    <section className="problem-list" aria-label="Problems">
      <p className="problem-state" role="status" data-checking={checking || undefined}>
        {error ? (
          <>
            <Icon name="warn" size={14} /> Not checked: {error.message} {error.help}
          </>
        ) : check === undefined ? (
          "Checking…"
        ) : problems.length === 0 ? (
          <span className="problem-none">
            <Icon name="pass" size={14} /> No problems
          </span>
        ) : (
          <span className="problem-some">
            <Icon name="warn" size={14} /> {problems.length} problem{problems.length === 1 ? "" : "s"}
          </span>
        )}
      </p>
      {problems.length === 0 ? null : <Problems problems={problems} onJump={onJump} />}
    </section>
  );
}

interface ProblemsProps {
  readonly problems: readonly LabProblem[];
  readonly onJump: (to: Jump) => void;
}

export function Problems({ problems, onJump }: ProblemsProps) {
  return (
    <ul className="problems">
      {problems.map((problem) => (
        <li key={`${problem.file}:${problem.line}:${problem.column}:${problem.message}`}>
          <button type="button" className="problem" onClick={() => onJump(problem)}>
            <code>
              {problem.file}:{problem.line}:{problem.column}
            </code>
            <span>{problem.message}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
