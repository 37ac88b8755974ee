import type { AttemptReport } from "../../server/sessions/protocol/index.ts";
import { useRemarks } from "../api/index.ts";
import { percentText, pointsText } from "../ui/index.ts";
import "./remarks.css";

/** What reviewers said of a graded attempt, and points that they gave. Nothing, as long as there is nothing. */
export function RemarksSection({ report }: { readonly report: AttemptReport }) {
  const { data } = useRemarks(report.attempt);
  if (data === undefined || (data.comments.length === 0 && data.overrides.length === 0)) return null;
  const { comments, overrides, startedAt, percent, adjusted } = data;
  return (
    <section className="remarks" aria-labelledby="remarks-title">
      <h2 id="remarks-title">Review</h2>
      {overrides.length === 0 ? null : (
        <>
          <p>
            With the reviewers' points this attempt has <strong>{percentText(adjusted)}</strong>; the checks gave{" "}
            {percentText(percent)}.
          </p>
          <ul>
            {overrides.map(({ part, task, check, points, reason, by }) => (
              <li key={`${part}/${task}/${check}`}>
                <span className="remarks-head">
                  {saysOf(report, part, task, check)}: {pointsText(points)} point{points === 1 ? "" : "s"}, by {by}
                </span>
                {reason}
              </li>
            ))}
          </ul>
        </>
      )}
      {comments.length === 0 ? null : (
        <ul>
          {comments.map(({ id, at, text, by }) => (
            <li key={id}>
              <span className="remarks-head">
                {by} on minute {Math.max(0, Math.floor((at - startedAt) / 60_000)) + 1}
              </span>
              {text}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function saysOf({ parts }: AttemptReport, part: number, task: string, check: string): string {
  const results = parts.find((each) => each.part === part)?.report.results ?? [];
  return results.find((result) => result.task === task && result.id === check)?.says ?? check;
}
