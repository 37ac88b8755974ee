import type { Review } from "../../../server/sessions/protocol/index.ts";
import { castUrl, exportUrl } from "../../api/index.ts";
import { ButtonLink, Empty } from "../../ui/index.ts";
import { dateText } from "../moment.ts";

/** Who did what and when, and the review as files. */
export function TrailPanel({ review: { attempt, audit, parts, report } }: { readonly review: Review }) {
  return (
    <div className="trail-panel">
      <h2>Export</h2>
      <div className="trail-files">
        <ButtonLink href={exportUrl(attempt.id, "review.json")} download target="_self">
          Review (JSON)
        </ButtonLink>
        {report === null ? null : (
          <ButtonLink href={exportUrl(attempt.id, "checks.csv")} download target="_self">
            Checks (CSV)
          </ButtonLink>
        )}
        {parts.flatMap(({ part, terminals }) =>
          terminals.map((terminal) => (
            <ButtonLink key={`${part}/${terminal}`} href={castUrl(attempt.id, part, terminal)} download target="_self">
              {parts.length > 1 ? `Part ${part + 1}, terminal ${terminal}` : `Terminal ${terminal}`} (cast)
            </ButtonLink>
          )),
        )}
      </div>
      <h2>Who did what</h2>
      {audit.length === 0 ? <Empty title="Nobody has written anything yet." /> : null}
      <ol className="trail">
        {audit.map(({ at, by, what, detail }, index) => (
          <li key={index}>
            <span className="trail-when">
              {dateText(at)} · {by} · {what}
            </span>
            <span className="trail-detail">{detail}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
