import type { AttemptManagement } from "../../server/sessions/protocol/index.ts";
import { useManagement } from "../api/index.ts";
import { Page } from "../app/index.ts";
import { ButtonLink, durationText, ErrorNotice, Loading, percentText } from "../ui/index.ts";
import { dateText } from "../results/index.ts";
import { EndWithoutGrading } from "./end-without-grading.tsx";
import { ClockControls } from "./clock-controls.tsx";
import { RegradeControls } from "./regrade-controls.tsx";
import { changeWords } from "./words.ts";
import "./manage.css";

/** What an instructor does with one attempt: its clock while it is open, grading it again when it is over. */
export function ManagePage({ id }: { readonly id: string }) {
  const management = useManagement(id);
  const { data } = management;
  return (
    <Page title={data ? `Manage ${data.attempt.title}` : "Manage an attempt"}>
      <div className="manage">
        {data ? (
          <Managed data={data} />
        ) : management.isError ? (
          <>
            <h1 className="only-read">Manage an attempt</h1>
            <ErrorNotice error={management.error} onRetry={() => void management.refetch()} />
            <p>
              <ButtonLink href="/">Open the catalogue</ButtonLink>
            </p>
          </>
        ) : (
          <Loading what="the attempt" />
        )}
      </div>
    </Page>
  );
}

function Managed({ data }: { readonly data: AttemptManagement }) {
  const { attempt, learner, changes, regrades } = data;
  return (
    <>
      <div className="manage-head">
        <div>
          <h1>
            {attempt.title}
            {learner === null ? "" : `, ${learner}`}
          </h1>
          <p className="manage-state">{stateWords(data)}</p>
        </div>
        {attempt.state === "graded" ? (
          <ButtonLink href={`/attempts/${attempt.id}/result`}>See the result</ButtonLink>
        ) : attempt.state === "open" && learner !== null ? (
          <ButtonLink href={`/attempts/${attempt.id}/watch`}>Watch</ButtonLink>
        ) : null}
      </div>
      {attempt.state === "open" ? <ClockControls data={data} /> : null}
      {attempt.state === "open" ? <EndWithoutGrading attempt={attempt.id} /> : null}
      {attempt.state === "graded" ? <RegradeControls attempt={attempt} /> : null}
      <section aria-labelledby="changes">
        <h2 id="changes" className="manage-heading">
          What instructors did
        </h2>
        {changes.length === 0 && regrades.length === 0 ? (
          <p className="manage-none">Nothing yet: the attempt is as it was started.</p>
        ) : (
          <table className="manage-table">
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Who</th>
                <th scope="col">What</th>
              </tr>
            </thead>
            <tbody>
              {changes.map((change) => (
                <tr key={`${change.kind}${change.at}`}>
                  <td>{dateText(change.at)}</td>
                  <td>{change.by}</td>
                  <td>{changeWords(change)}</td>
                </tr>
              ))}
              {regrades.map(({ at, by, percent }) => (
                <tr key={`regrade${at}`}>
                  <td>{dateText(at)}</td>
                  <td>{by}</td>
                  <td>graded it again: {percentText(percent)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
    </>
  );
}

function stateWords({ attempt, now, minutes }: AttemptManagement): string {
  const { kind, state, endsAt, pausedAt, percent, startedAt } = attempt;
  const what = kind === "exam" ? `Exam of ${minutes} min` : `Lab of ${minutes} min`;
  const started = `${what}, started ${dateText(startedAt)}`;
  if (state === "grading") return `${started}. It is being graded.`;
  if (state === "graded") return `${started}, graded: ${percentText(percent ?? 0)}.`;
  if (state === "abandoned") return `${started}. It was given up: it is not graded.`;
  const left = endsAt === null ? "" : ` ${durationText(Math.max(0, endsAt - (pausedAt ?? now)))} left.`;
  return `${started}. ${pausedAt === undefined ? "Its clock runs." : `Paused since ${dateText(pausedAt)}.`}${left}`;
}
