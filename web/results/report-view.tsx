import type { ReactNode } from "react";
import type { AttemptReport, PartReport } from "../../server/sessions/protocol/index.ts";
import { Markdown } from "../markdown/index.ts";
import { Notice, percentText, pointsText, Score } from "../ui/index.ts";
import { CheckRow } from "./check-row.tsx";
import { Figures } from "./figures.tsx";
import { byTask, countWords } from "./outcomes.ts";
import { ScoreBar } from "./score-bar.tsx";
import "./report.css";

export interface ReportViewProps {
  readonly report: AttemptReport;
  /** Level of its first headings: the page's own heading stands above. */
  readonly level?: 2 | 3;
  /** Stands before the checks. */
  readonly children?: ReactNode;
}

/** A report: of a graded attempt, or of "check now". It fits a page as well as a narrow panel. */
export function ReportView({ report, level = 2, children }: ReportViewProps) {
  const exam = report.kind === "exam";
  return (
    <div className="report">
      <Summary report={report} />
      {exam ? <PartList parts={report.parts} /> : null}
      {report.final ? <Figures report={report} level={level} /> : null}
      {children}
      {report.parts.map((part) => (
        <Part key={part.part} part={part} named={exam} level={level} />
      ))}
    </div>
  );
}

function Summary({ report }: { readonly report: AttemptReport }) {
  const { percent, pass, parts } = report;
  const [first] = parts;
  const results = parts.flatMap((part) => part.report.results);
  const hints = parts.reduce((sum, part) => sum + part.report.hints, 0);
  return (
    <div className="report-summary">
      <div className="report-score">
        <span className="report-points">
          {report.kind === "exam" || !first ? (
            judged(report) ? (
              percentText(percent)
            ) : (
              "–"
            )
          ) : (
            <>
              <Score points={first.report.score} of={first.report.of} />
              <span className="report-unit"> points</span>
            </>
          )}
        </span>
        <Verdict report={report} />
      </div>
      <ScoreBar percent={percent} pass={pass} />
      <p className="report-count">
        {countWords(results)}.{hints > 0 ? ` Hints cost ${pointsText(hints)} point${hints === 1 ? "" : "s"}.` : ""}
      </p>
    </div>
  );
}

/** Of what could not be judged at all there is no share to tell. */
function judged({ parts }: AttemptReport): boolean {
  return parts.some(({ report }) => report.of > 0);
}

function Verdict({ report }: { readonly report: AttemptReport }) {
  const { percent, pass } = report;
  if (!judged(report)) return <span className="report-verdict">Nothing could be judged</span>;
  if (pass === null) return <span className="report-verdict">{percentText(percent)}</span>;
  const passed = percent >= pass;
  return (
    <span className="report-verdict" data-passed={passed}>
      {passed ? "Passed" : "Not passed"}
    </span>
  );
}

/** The parts of an exam: what each counts and brought. Of which nothing could be judged, that count nothing. */
function PartList({ parts }: { readonly parts: readonly PartReport[] }) {
  const weights = parts.reduce((sum, { weight, report }) => sum + (report.of > 0 ? weight : 0), 0);
  return (
    <table className="report-parts">
      <thead>
        <tr>
          <th scope="col">Lab</th>
          <th scope="col">Points</th>
          <th scope="col">Share</th>
          <th scope="col">Brought</th>
        </tr>
      </thead>
      <tbody>
        {parts.map(({ part, title, weight, report: { score, of } }) => {
          const share = of === 0 ? undefined : (weight / weights) * 100;
          return (
            <tr key={part}>
              <th scope="row">
                <a href={`#part-${part}`}>{title}</a>
              </th>
              <td>
                <Score points={score} of={of} />
              </td>
              <td>{share === undefined ? "not counted" : `${Math.round(share)} %`}</td>
              <td>{share === undefined ? "–" : percentText((share * score) / of)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

interface PartProps {
  readonly part: PartReport;
  readonly named: boolean;
  readonly level: 2 | 3;
}

function Part({ part: { part, title, report, explain }, named, level }: PartProps) {
  const tasks = byTask(report.results);
  const Heading = `h${level}` as const;
  const below = named ? ((level + 1) as 3 | 4) : level;
  return (
    <section className="report-part" id={`part-${part}`} aria-label={title}>
      {named ? (
        <Heading className="report-part-title">
          {title}
          <Score points={report.score} of={report.of} />
        </Heading>
      ) : null}
      {report.settled ? null : (
        <Notice kind="warn" title="The cluster was still changing when it was checked.">
          What the checks saw may not be what came out in the end.
        </Notice>
      )}
      {tasks.map(({ task, points, of, results }) => (
        <Task key={task} level={below} title={tasks.length > 1 ? `Task ${task}` : "Checks"} points={points} of={of}>
          {results.map((result, at) => (
            <CheckRow
              level={(below + 1) as 3 | 4 | 5}
              key={result.id}
              result={result}
              open={at === results.findIndex(({ outcome }) => outcome === "fail")}
            />
          ))}
        </Task>
      ))}
      {explain === null ? null : <Explanation text={explain} level={below} />}
    </section>
  );
}

interface TaskProps {
  readonly level: 2 | 3 | 4;
  readonly title: string;
  readonly points: number;
  readonly of: number;
  readonly children: ReactNode;
}

function Task({ level, title, points, of, children }: TaskProps) {
  const Heading = `h${level}` as const;
  return (
    <div className="report-task">
      <Heading className="report-heading">
        {title}
        <Score points={points} of={of} />
      </Heading>
      <ul className="checks">{children}</ul>
    </div>
  );
}

function Explanation({ text, level }: { readonly text: string; readonly level: 2 | 3 | 4 }) {
  const Heading = `h${level}` as const;
  return (
    <div className="report-explanation">
      <Heading className="report-heading">What it was</Heading>
      <Markdown text={text} />
    </div>
  );
}
