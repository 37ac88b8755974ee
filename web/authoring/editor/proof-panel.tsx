import { useState } from "react";
import { Button, Disclosure, ErrorNotice, Icon, Notice, pointsText } from "../../ui/index.ts";
import { sameFiles, type Files } from "../drafts/drafts.ts";
import type { Jump } from "./code-editor.tsx";
import { Problems } from "./problem-list.tsx";
import type { ProofRun } from "./use-proof.ts";

export interface ProofPanelProps {
  readonly run: ProofRun;
  readonly files: Files;
  readonly onStart: (seeds: number) => void;
  readonly onCancel: () => void;
  readonly onJump: (to: Jump) => void;
}

const SEEDS = [1, 3, 10, 20];

/** Every case against every check, while they are played. */
export function ProofPanel({ run, files, onStart, onCancel, onJump }: ProofPanelProps) {
  const [seeds, setSeeds] = useState(3);
  const { plan, rows, end, error, running } = run;
  const stale = run.files !== undefined && !sameFiles(run.files, files);
  return (
    <div className="proof">
      <div className="proof-head">
        <label>
          Seeds 1 to{" "}
          <select value={seeds} onChange={(event) => setSeeds(Number(event.target.value))}>
            {SEEDS.map((count) => (
              <option key={count} value={count}>
                {count}
              </option>
            ))}
          </select>
        </label>
        {running ? (
          <Button onPress={onCancel}>Cancel</Button>
        ) : (
          <Button onPress={() => onStart(seeds)}>
            <Icon name="play" size={14} /> Prove
          </Button>
        )}
      </div>
      <p className="proof-state" role="status">
        <ProofState run={run} />
      </p>
      {stale ? <p className="panel-words">The draft has changed since: this is of the files as they were.</p> : null}
      {error ? <ErrorNotice error={error} /> : null}
      {end?.kind === "ended" ? (
        <Notice kind="fail" title={end.message}>
          {end.problems.length > 0 ? <Problems problems={end.problems} onJump={onJump} /> : null}
        </Notice>
      ) : null}
      {end?.kind === "judged" && end.weak.length > 0 ? (
        <Notice kind={end.holds ? "info" : "warn"} title="What the proofs leave open">
          <ul className="plain">
            {end.weak.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </Notice>
      ) : null}
      {plan ? <ProofTable plan={plan} rows={rows} running={running} /> : null}
      {run.files === undefined ? (
        <p className="panel-words">
          Plays the lab as it stands: untouched it must not pass, every <code>proof/solution*.sh</code> must get all
          points, every <code>proof/wrong-*.sh</code> must fail as it says.
        </p>
      ) : null}
    </div>
  );
}

function ProofState({ run: { running, cancelled, plan, rows, end } }: { readonly run: ProofRun }) {
  const failed = rows.filter(({ holds }) => !holds).length;
  if (running)
    return (
      <>
        {plan
          ? `Playing case ${Math.min(rows.length + 1, plan.cases.length)} of ${plan.cases.length}…`
          : "Booting the cluster…"}
      </>
    );
  if (cancelled) return <>Cancelled after {rows.length} cases: nothing was kept of it.</>;
  if (end?.kind !== "judged") return null;
  if (end.holds)
    return (
      <span className="proof-holds">
        <Icon name="pass" size={14} /> Proved: all {rows.length} cases hold
      </span>
    );
  return (
    <span className="proof-fails">
      <Icon name="fail" size={14} />{" "}
      {failed > 0
        ? `Not proved: ${failed} of ${rows.length} cases do not hold`
        : "Not proved: nobody would notice if some checks were worthless"}
    </span>
  );
}

type Planned = NonNullable<ProofRun["plan"]>["cases"][number];
type ProofTableProps = { readonly plan: NonNullable<ProofRun["plan"]> } & Pick<ProofRun, "rows" | "running">;

function ProofTable({ plan, rows, running }: ProofTableProps) {
  const done = new Map(rows.map((row) => [`${row.seed} ${row.case}`, row]));
  const next = plan.cases.find((each) => !done.has(`${each.seed} ${each.case}`));
  return (
    <>
      <div className="table-scroll" role="region" aria-label="Cases by checks" tabIndex={0}>
        <table className="cases">
          <thead>
            <tr>
              <th scope="col">Case</th>
              <th scope="col">Seed</th>
              {plan.checks.map(({ id, says }) => (
                <th scope="col" key={id} title={says}>
                  <code>{id}</code>
                </th>
              ))}
              <th scope="col">Score</th>
              <th scope="col">Holds</th>
            </tr>
          </thead>
          <tbody>
            {plan.cases.map((each) => {
              const row = done.get(`${each.seed} ${each.case}`);
              return (
                <tr key={`${each.seed} ${each.case}`} data-bad={row && !row.holds ? true : undefined}>
                  <th scope="row">{each.case}</th>
                  <td>{each.seed}</td>
                  {plan.checks.map(({ id }) => (
                    <td key={id}>
                      {row ? <Cell passed={!row.failed.includes(id)} expected={expectedOf(each, id)} /> : null}
                    </td>
                  ))}
                  <td>
                    {row
                      ? `${pointsText(row.score)} of ${pointsText(row.of)}`
                      : each === next && running
                        ? "playing…"
                        : ""}
                  </td>
                  <td>{row ? row.holds ? "yes" : <strong className="proof-fails">no</strong> : null}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {rows
        .filter(({ holds }) => !holds)
        .map((row) => (
          <Disclosure key={`${row.seed} ${row.case}`} title={`${row.case}, seed ${row.seed}: ${row.problems[0] ?? ""}`}>
            <pre className="proof-transcript" tabIndex={0}>
              {row.problems.join("\n")}
            </pre>
          </Disclosure>
        ))}
    </>
  );
}

/** Whether a check shall pass in a case; undefined where nothing is said about it. */
function expectedOf({ case: name, fails }: Planned, check: string): boolean | undefined {
  if (fails !== null) return !fails.includes(check);
  return name.startsWith("solution") ? true : undefined;
}

function Cell({ passed, expected }: { readonly passed: boolean; readonly expected: boolean | undefined }) {
  const odd = expected !== undefined && passed !== expected;
  return (
    <span className={odd ? "cell-odd" : passed ? "cell-pass" : "cell-fail"}>
      <Icon name={passed ? "pass" : "fail"} size={14} />
      <span className="only-read">
        {passed ? "passes" : "fails"}
        {odd ? ", other than it shall" : ""}
      </span>
    </span>
  );
}
