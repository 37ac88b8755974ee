import type { ExamPreview } from "../../../server/sessions/protocol/index.ts";
import { Notice, percentText } from "../../ui/index.ts";
import { sharesOf } from "./plan.ts";
import "./exam.css";

export interface ExamPanelProps {
  /** Undefined while it cannot be read. */
  readonly exam: ExamPreview | undefined;
  readonly seed: number;
  readonly onSeed: (seed: number) => void;
}

/** What an attempt at the exam holds: which labs, what each counts, and how long they take. */
export function ExamPanel({ exam, seed, onSeed }: ExamPanelProps) {
  const parts = exam?.attempts.find((each) => each.seed === seed)?.parts;
  if (exam === undefined || parts === undefined)
    return <p className="panel-words">Attempts can be shown when exam.yaml can be read: look at its problems.</p>;
  const whole = parts.reduce((sum, { weight }) => sum + weight, 0);
  const minutes = parts.reduce((sum, part) => sum + part.minutes, 0);
  return (
    <div className="exam-panel">
      <div className="preview-head">
        <span>
          {parts.length} {parts.length === 1 ? "task" : "tasks"}, {exam.minutes} min, {exam.pass} % to pass
        </span>
        <label>
          with seed{" "}
          <select value={seed} onChange={(event) => onSeed(Number(event.target.value))}>
            {exam.attempts.map((each) => (
              <option key={each.seed} value={each.seed}>
                {each.seed}
              </option>
            ))}
          </select>
        </label>
      </div>
      {minutes > exam.minutes ? (
        <Notice kind="warn" title={`Its labs take ${minutes} min by themselves, and the exam has ${exam.minutes}.`} />
      ) : null}
      <div className="table-scroll" role="region" aria-label="Tasks of an attempt" tabIndex={0}>
        <table className="variants">
          <thead>
            <tr>
              <th scope="col">Lab</th>
              <th scope="col">Topic</th>
              <th scope="col">Level</th>
              <th scope="col">Minutes</th>
              <th scope="col">Share</th>
            </tr>
          </thead>
          <tbody>
            {parts.map(({ lab, title, topics, level, minutes: its, weight }) => (
              <tr key={lab}>
                <th scope="row">{title}</th>
                <td>{topics[0] ?? ""}</td>
                <td>{level ?? ""}</td>
                <td>{its}</td>
                <td>{percentText((weight / whole) * 100)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="panel-words">
        {sharesOf(parts)
          .map(({ topic, percent }) => `${topic} ${percentText(percent)}`)
          .join(", ")}
      </p>
      <p className="panel-words">
        An exam is proved by its labs. Try it: that is an attempt as learners have it, with this seed, and counts for
        nothing.
      </p>
    </div>
  );
}
