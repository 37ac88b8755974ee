import { useId, useState } from "react";
import type { CheckResult } from "../../../grader/result.ts";
import type { Override, Review, WriteOverride } from "../../../server/sessions/protocol/index.ts";
import { useReviewChange } from "../../api/index.ts";
import { announce, Button, Empty, Icon, percentText, pointsText, toastError } from "../../ui/index.ts";
import { dateText } from "../moment.ts";

/** Points by check. A reviewer can give others, with a reason; the report keeps both. */
export function PointsPanel({
  id,
  part,
  review,
}: {
  readonly id: string;
  readonly part: number;
  readonly review: Review;
}) {
  const { report, percent, overrides } = review;
  const results = report?.parts.find((each) => each.part === part)?.report.results ?? [];
  if (report === null || percent === null) return <Empty title="There are points when the attempt is graded." />;
  const changed = percent !== report.percent;
  return (
    <div className="points-panel">
      <p className="points-sum">
        <strong>{percentText(percent)}</strong>
        {changed ? (
          <span> with the reviewers' points; {percentText(report.percent)} by the checks</span>
        ) : (
          " by the checks"
        )}
      </p>
      <ul className="points">
        {results.map((result) => (
          <PointsRow
            key={`${result.task}/${result.id}`}
            id={id}
            part={part}
            result={result}
            override={overrides.find(
              (each) => each.part === part && each.task === result.task && each.check === result.id,
            )}
          />
        ))}
      </ul>
    </div>
  );
}

interface PointsRowProps {
  readonly id: string;
  readonly part: number;
  readonly result: CheckResult;
  readonly override: Override | undefined;
}

function PointsRow({ id, part, result, override }: PointsRowProps) {
  const [open, setOpen] = useState(false);
  const { outcome, says, points, of } = result;
  return (
    <li className="points-row" data-outcome={outcome}>
      <div className="points-line">
        <span className="points-glyph">
          <Icon name={outcome} />
          <span className="only-read">
            {outcome === "pass" ? "passed" : outcome === "fail" ? "failed" : "not counted"}
          </span>
        </span>
        <span className="points-says">{says}</span>
        <span className="points-number">
          {of === 0 ? "not counted" : <PointsText points={points} of={of} override={override} />}
        </span>
        {of > 0 ? (
          <Button
            size="small"
            aria-expanded={open}
            aria-label={`Change the points of: ${says}`}
            onPress={() => setOpen(!open)}
          >
            Change
          </Button>
        ) : null}
      </div>
      {override ? (
        <p className="points-why">
          {override.reason} ({override.by}, {dateText(override.written)})
        </p>
      ) : null}
      {open ? (
        <OverrideForm id={id} part={part} result={result} override={override} onDone={() => setOpen(false)} />
      ) : null}
    </li>
  );
}

function OverrideForm({ id, part, result, override, onDone }: PointsRowProps & { readonly onDone: () => void }) {
  const change = useReviewChange(id);
  const name = useId();
  const [points, setPoints] = useState(String(override?.points ?? result.points));
  const [reason, setReason] = useState(override?.reason ?? "");
  const order = (given: number | null): WriteOverride => {
    return { part, task: result.task, check: result.id, points: given, reason: reason.trim() };
  };
  const send = (given: number | null): void => {
    if (change.isPending || reason.trim() === "") return;
    const done = (): void => {
      announce(given === null ? "The check's own points count again." : "The points are stored.");
      onDone();
    };
    change.mutate({ do: "override", override: order(given) }, { onSuccess: done, onError: toastError });
  };
  const number = Number(points);
  const bad = points.trim() === "" || Number.isNaN(number) || number < 0 || number > result.of;
  return (
    <form
      className="override-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!bad) send(number);
      }}
    >
      <label htmlFor={`${name}-points`}>Points, of {pointsText(result.of)}</label>
      <input
        id={`${name}-points`}
        className="field"
        inputMode="decimal"
        value={points}
        aria-invalid={bad || undefined}
        onChange={(event) => setPoints(event.target.value)}
      />
      <label htmlFor={`${name}-reason`}>Reason</label>
      <textarea
        id={`${name}-reason`}
        className="field"
        rows={2}
        maxLength={1000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <div className="override-actions">
        {override ? (
          <Button onPress={() => send(null)} isDisabled={reason.trim() === ""} isPending={change.isPending}>
            Take back
          </Button>
        ) : null}
        <Button type="submit" look="primary" isDisabled={bad || reason.trim() === ""} isPending={change.isPending}>
          Give these points
        </Button>
      </div>
    </form>
  );
}

function PointsText({ points, of, override }: Pick<CheckResult, "points" | "of"> & Pick<PointsRowProps, "override">) {
  return (
    <>
      {override ? (
        <>
          <s>{pointsText(points)}</s> {pointsText(override.points)}
        </>
      ) : (
        pointsText(points)
      )}{" "}
      / {pointsText(of)}
    </>
  );
}
