import { useState } from "react";
import type { Assignment, AssignmentProgress, Learner } from "../../server/sessions/protocol/index.ts";
import { people, peopleKeys, useDo } from "../api/index.ts";
import { agoText, Button, ButtonLink, Dialog, ErrorNotice, Field, Icon, Loading, Notice } from "../ui/index.ts";
import { scoreText, taskState, whereText } from "./progress-words.ts";
import { useLive, useTicking } from "./use-live.ts";

export interface LiveTableProps {
  /** Id of the class. */
  readonly of: string;
  readonly assignment: Assignment;
}

const GONE = "This assignment is not told of any more: it was taken back, or you do not lead the class.";

/** Learners by tasks, as it is now. */
export function LiveTable({ of, assignment }: LiveTableProps) {
  const { progress, heardAt, lost, over } = useLive(assignment.id);
  useTicking(15_000);
  const [extraFor, setExtraFor] = useState<Learner>();
  if (progress === undefined)
    return lost ? (
      <Notice kind="warn" title={over ? GONE : "Drydock does not answer; trying again."} />
    ) : (
      <Loading what="how it goes" />
    );
  const now = progress.now + performance.now() - heardAt;
  const tasks = Math.max(0, ...progress.rows.map(({ attempt }) => attempt?.tasks.length ?? 0));
  return (
    <section className="class-part" aria-labelledby="learners">
      <h2 id="learners">Learners</h2>
      {lost ? (
        <Notice kind="warn" title={over ? GONE : "The connection is gone; trying again."}>
          The table shows how it was {agoText(now - progress.now)}.
        </Notice>
      ) : null}
      {progress.rows.length === 0 ? (
        <p className="class-more">Nobody is in the class yet.</p>
      ) : (
        <div className="class-scroll" tabIndex={0} role="group" aria-label="Learners by tasks">
          <table className="class-table">
            <thead>
              <tr>
                <th scope="col">Learner</th>
                <th scope="col">Now</th>
                {Array.from({ length: tasks }, (_, at) => (
                  <th key={at} scope="col" className="class-number">
                    Task {at + 1}
                  </th>
                ))}
                <th scope="col">Checked</th>
                <th scope="col" className="class-number">
                  Score
                </th>
                <th scope="col">
                  <span className="only-read">Open</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {progress.rows.map((row) => (
                <Row
                  key={row.learner.id}
                  row={row}
                  tasks={tasks}
                  now={now}
                  extra={assignment.extra[row.learner.id] ?? 0}
                  onExtra={() => setExtraFor(row.learner)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ExtraDialog
        key={extraFor?.id}
        of={of}
        assignment={assignment}
        learner={extraFor}
        onClose={() => setExtraFor(undefined)}
      />
    </section>
  );
}

interface RowProps {
  readonly row: AssignmentProgress["rows"][number];
  readonly tasks: number;
  readonly now: number;
  readonly extra: number;
  readonly onExtra: () => void;
}

function Row({ row: { learner, attempt }, tasks, now, extra, onExtra }: RowProps) {
  const { text, stuck } = whereText(attempt, now);
  return (
    <tr>
      <th scope="row">
        {learner.name}
        {extra > 0 ? <span className="class-more"> +{extra} min</span> : null}
      </th>
      <td className="class-more" data-stuck={stuck || undefined}>
        {stuck ? <Icon name="warn" size={14} /> : null}
        {text}
        {stuck ? ", stuck?" : null}
      </td>
      {Array.from({ length: tasks }, (_, at) => {
        const task = attempt?.tasks[at];
        if (task === undefined) return <td key={at} />;
        const { state, text: points, words } = taskState(task);
        return (
          <td key={at} className="class-number" data-state={state} title={words}>
            {state === "pass" || state === "fail" ? <Icon name={state} size={12} /> : null}
            <span aria-hidden="true">{points}</span>
            <span className="only-read">{words}</span>
          </td>
        );
      })}
      <td className="class-more">{attempt?.checkedAt == null ? "" : agoText(now - attempt.checkedAt)}</td>
      <td className="class-number">{scoreText(attempt)}</td>
      <td className="class-open">
        {attempt === null ? (
          <Button size="small" look="quiet" aria-label={`More time for ${learner.name}`} onPress={onExtra}>
            More time
          </Button>
        ) : attempt.state === "open" ? (
          <ButtonLink size="small" href={`/attempts/${attempt.id}/watch`} aria-label={`Watch ${learner.name}`}>
            Watch
          </ButtonLink>
        ) : attempt.state === "graded" ? (
          <ButtonLink size="small" href={`/attempts/${attempt.id}/result`} aria-label={`Result of ${learner.name}`}>
            Result
          </ButtonLink>
        ) : null}
      </td>
    </tr>
  );
}

interface ExtraDialogProps extends LiveTableProps {
  readonly learner: Learner | undefined;
  readonly onClose: () => void;
}

function ExtraDialog({ of, assignment, learner, onClose }: ExtraDialogProps) {
  const [minutes, setMinutes] = useState(String(learner === undefined ? 0 : (assignment.extra[learner.id] ?? 0)));
  const set = useDo(
    (extra: number) => people.setExtra(assignment.id, { learner: learner!.id, minutes: extra }),
    peopleKeys.class(of),
  );
  return (
    <Dialog
      title={`More time for ${learner?.name ?? ""}`}
      open={learner !== undefined}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            look="primary"
            isPending={set.isPending}
            onPress={() => set.mutate(Number(minutes), { onSuccess: onClose })}
          >
            Give it
          </Button>
        </>
      }
    >
      {set.error ? <ErrorNotice error={set.error} /> : null}
      <Field
        label="Minutes"
        type="number"
        min="0"
        max="10000"
        value={minutes}
        onChange={setMinutes}
        help="On top of the time for everybody. It holds for the attempt that is started next."
      />
    </Dialog>
  );
}
