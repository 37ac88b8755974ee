import type { AttemptSummary } from "../../server/sessions/protocol/index.ts";
import { agoText, ButtonLink, durationText, percentText } from "../ui/index.ts";

/** Attempts to go on with, or results to read. */
export function AttemptList({
  title,
  attempts,
}: {
  readonly title: string;
  readonly attempts: readonly AttemptSummary[];
}) {
  const now = Date.now();
  return (
    <section className="shelf" aria-labelledby={`shelf-${title}`}>
      <h2 id={`shelf-${title}`}>{title}</h2>
      <ul className="rows">
        {attempts.map((attempt, at) => {
          const graded = attempt.state !== "open";
          return (
            <li key={attempt.id} className="row row-attempt">
              <div className="row-words">
                <span className="row-title">{attempt.title}</span>
                <span className="row-summary">{whenText(attempt, now)}</span>
              </div>
              <span className="row-best">
                {attempt.percent === null ? null : (
                  <>
                    <span className="only-read">score </span>
                    {percentText(attempt.percent)}
                  </>
                )}
              </span>
              <ButtonLink
                look={!graded && at === 0 ? "primary" : "plain"}
                href={`/attempts/${attempt.id}${graded ? "/result" : ""}`}
                aria-label={`${graded ? "Result of" : "Continue"} ${attempt.title}`}
              >
                {graded ? "Result" : "Continue"}
              </ButtonLink>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function whenText({ kind, state, startedAt, submittedAt, endsAt }: AttemptSummary, now: number): string {
  const what = kind === "exam" ? "Exam" : "Lab";
  if (state === "grading") return `${what} · is being graded`;
  if (state === "graded") return `${what} · submitted ${agoText(now - (submittedAt ?? startedAt))}`;
  if (state === "abandoned") return `${what} · given up ${agoText(now - (submittedAt ?? startedAt))}`;
  const left = endsAt === null ? "" : endsAt > now ? ` · ${durationText(endsAt - now)} left` : " · the time is over";
  return `${what} · started ${agoText(now - startedAt)}${left}`;
}
