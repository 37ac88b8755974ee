import { useState } from "react";
import type { CheckResult } from "../../grader/result.ts";
import type { AttemptReport, AttemptSummary } from "../../server/sessions/protocol/index.ts";
import { useEarlier, useReport } from "../api/index.ts";
import {
  Button,
  durationText,
  ErrorNotice,
  Icon,
  type IconName,
  Loading,
  MenuButton,
  MenuItem,
  percentText,
  pointsText,
} from "../ui/index.ts";
import { changeWords, compareReports, type Change, type ComparedCheck } from "./compare.ts";
import { dateText } from "./date-text.ts";
import { outcomes } from "./outcomes.ts";
import { Quoted } from "./quoted.tsx";

/** This report beside one of another attempt at the same lab or exam, which is chosen from a menu. */
export function Comparison({ report }: { readonly report: AttemptReport }) {
  const { data: earlier = [] } = useEarlier(report.attempt);
  const [other, setOther] = useState<AttemptSummary>();
  if (earlier.length === 0) return null;
  return (
    <section className={other ? "compared" : "compared no-print"} aria-labelledby="compared">
      <div className="compared-head">
        <h2 className="report-heading" id="compared">
          {other ? `Compared with ${whenWords(other)}` : "Compared with another attempt"}
        </h2>
        <div className="no-print">
          <MenuButton
            aria-label="Attempts"
            button={
              <Button size="small">
                {other ? "Another attempt" : "Choose an attempt"}
                <Icon name="down" size={14} />
              </Button>
            }
            onAction={(key) => setOther(earlier.find(({ id }) => id === key))}
          >
            {earlier.map((attempt) => (
              <MenuItem key={attempt.id} id={attempt.id}>
                {whenWords(attempt)}
              </MenuItem>
            ))}
          </MenuButton>
        </div>
      </div>
      {other ? <Compared report={report} other={other.id} /> : null}
    </section>
  );
}

function whenWords({ submittedAt, startedAt, percent }: AttemptSummary): string {
  return `${dateText(submittedAt ?? startedAt)}${percent === null ? "" : `, ${percentText(percent)}`}`;
}

function Compared({ report, other }: { readonly report: AttemptReport; readonly other: string }) {
  const then = useReport(other);
  if (then.isError) return <ErrorNotice error={then.error} onRetry={() => void then.refetch()} />;
  if (!then.data) return <Loading what="the other result" />;
  const parts = compareReports(report, then.data);
  return (
    <>
      <p className="compared-sum">
        {percentText(then.data.percent)} then, {percentText(report.percent)} now; {durationText(then.data.took)} then,{" "}
        {durationText(report.took)} now. {changeWords(parts)}.
      </p>
      {parts.map(({ part, title, checks }) => (
        <table className="report-table" key={part}>
          <thead>
            <tr>
              <th scope="col">{parts.length > 1 ? title : "Check"}</th>
              <th scope="col">Then</th>
              <th scope="col">Now</th>
              <th scope="col">Change</th>
            </tr>
          </thead>
          <tbody>
            {checks.map((check) => (
              <ComparedRow key={check.key} check={check} />
            ))}
          </tbody>
        </table>
      ))}
    </>
  );
}

function ComparedRow({ check: { says, before, now, change } }: { readonly check: ComparedCheck }) {
  const { glyph, words } = CHANGES[change];
  return (
    <tr>
      <th scope="row">
        <Quoted text={says} />
      </th>
      <td>
        <Outcome result={before} />
      </td>
      <td>
        <Outcome result={now} />
      </td>
      <td>
        <span className="compared-change" data-change={change}>
          {glyph === undefined ? null : <Icon name={glyph} size={14} />}
          {words}
        </span>
      </td>
    </tr>
  );
}

const CHANGES: Readonly<Record<Change, { readonly glyph?: IconName; readonly words: string }>> = {
  better: { glyph: "pass", words: "better" },
  worse: { glyph: "fail", words: "worse" },
  same: { words: "the same" },
  "only-now": { words: "not there then" },
  "only-then": { words: "not there any more" },
};

function Outcome({ result }: { readonly result: CheckResult | undefined }) {
  if (!result) return "–";
  return (
    <>
      {result.outcome === "broke" ? "–" : `${pointsText(result.points)} of ${pointsText(result.of)}`}
      <span className="compared-outcome">{outcomes[result.outcome].word}</span>
    </>
  );
}
