import type { AttemptReport, PartReport, TaskWork } from "../../server/sessions/protocol/index.ts";
import { topicTitle } from "../catalogue/index.ts";
import { durationText, Icon, percentText, Score } from "../ui/index.ts";
import { byTask } from "./outcomes.ts";
import { topicPoints } from "./topic-points.ts";
import "./figures.css";

/** Where points were lost, and where the time went: what a final report knows besides its checks. */
export function Figures({ report, level }: { readonly report: AttemptReport; readonly level: 2 | 3 }) {
  const topics = topicPoints(report);
  const worked = report.parts.some(({ work }) => work !== undefined);
  if (topics.length === 0 && !worked) return null;
  return (
    <div className="figures">
      {topics.length === 0 ? null : <TopicTable report={report} level={level} />}
      {worked ? <WorkTable report={report} level={level} /> : null}
    </div>
  );
}

function TopicTable({ report, level }: { readonly report: AttemptReport; readonly level: 2 | 3 }) {
  const Heading = `h${level}` as const;
  const exam = report.kind === "exam";
  const topics = topicPoints(report);
  return (
    <section className="figure">
      <Heading className="report-heading">Points by topic</Heading>
      <table className="report-table">
        <thead>
          <tr>
            <th scope="col">Topic</th>
            <th scope="col" aria-hidden="true" />
            <th scope="col">{exam ? "Of the exam" : "Points"}</th>
            <th scope="col">Lost</th>
          </tr>
        </thead>
        <tbody>
          {topics.map(({ topic, points, of }) => (
            <tr key={topic}>
              <th scope="row">{topicTitle(topic)}</th>
              <td className="figure-bar" aria-hidden="true">
                <span className="figure-track">
                  <span className="figure-fill" style={{ width: `${(100 * points) / of}%` }} />
                </span>
              </td>
              <td>{exam ? `${percentText(points)} of ${percentText(of)}` : <Score points={points} of={of} />}</td>
              <td>{exam ? percentText(of - points) : pointsLost(of - points)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {topics.length > 1 ? <p className="figure-note">A lab counts for each of its topics.</p> : null}
    </section>
  );
}

function pointsLost(lost: number): string {
  return String(Math.round(lost * 100) / 100);
}

function WorkTable({ report, level }: { readonly report: AttemptReport; readonly level: 2 | 3 }) {
  const Heading = `h${level}` as const;
  const rows = report.parts.flatMap((part) => (part.work ?? []).map((work) => ({ part, work })));
  const measured = rows.filter(({ work }) => work.took !== null);
  const sum = measured.reduce((total, { work }) => total + work.took!, 0);
  return (
    <section className="figure">
      <Heading className="report-heading">Time per task</Heading>
      <table className="report-table">
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col">Time</th>
            <th scope="col">Lines typed</th>
            <th scope="col">Points</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ part, work }) => (
            <tr key={`${part.part}/${work.task}`}>
              <th scope="row">
                {taskName(part, work)}
                <Remarks work={work} />
              </th>
              <td>{work.took === null ? <NotMeasured /> : durationText(work.took)}</td>
              <td>{work.lines === null ? <NotMeasured /> : work.lines}</td>
              <td>
                <TaskScore part={part} task={work.task} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="figure-note">
        {measured.length === 0
          ? `Of ${durationText(report.took)} of work; no page told which task was in front.`
          : `A task's time is that in which it was in front of you: together ${durationText(sum)} of ${durationText(report.took)}.`}
      </p>
    </section>
  );
}

function NotMeasured() {
  return <span className="figure-none">not measured</span>;
}

function TaskScore({ part, task }: { readonly part: PartReport; readonly task: string }) {
  const found = byTask(part.report.results).find((each) => each.task === task);
  return found ? <Score points={found.points} of={found.of} /> : null;
}

function taskName({ title, work = [] }: PartReport, { task }: TaskWork): string {
  return work.length > 1 ? `${title}, ${task}` : title;
}

/** What was not done, and what helped. */
function Remarks({ work: { tried, flagged, hints, questions, answered } }: { readonly work: TaskWork }) {
  const words = [
    ...(questions > 0 ? [`${answered} of ${questions} answered`] : []),
    ...(hints > 0 ? [`${hints} hint${hints === 1 ? "" : "s"} read`] : []),
    ...(flagged ? ["flagged"] : []),
  ];
  if (tried !== false && words.length === 0) return null;
  return (
    <span className="figure-remarks">
      {tried === false ? (
        <span className="figure-untried">
          <Icon name="warn" size={12} /> never tried
        </span>
      ) : null}
      {words.join(" · ")}
    </span>
  );
}
