import { PassThrough, type Readable } from "node:stream";
import type { ProofEvent, ProofRecord, ProveDraft } from "../sessions/protocol/index.ts";
import type { Bench } from "./bench.ts";

/** Milliseconds for one case, the start of the thread and the boot of a world included. */
const PATIENCE = 60_000;

export interface ProvingOptions {
  readonly bench: Bench;
  readonly patience?: number;
  /** All cases were played: what is kept of it. */
  keep(result: { holds: boolean; cases: number; failed: number }): Promise<ProofRecord>;
  ended(): void;
}

/**
 * Plays the proofs of a draft in a thread of its own: lines of ProofEvent as they come. The thread ends with the stream, and
 * when a case takes too long.
 */
export function prove({ name, files, seeds }: ProveDraft, options: ProvingOptions): Readable {
  const { patience = PATIENCE } = options;
  const lines = new PassThrough();
  const thread = options.bench.take();
  let [cases, failed, done] = [0, 0, false];
  let playing = "The lab";
  let left: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let idle = false;
  const finish = (): void => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    if (idle) options.bench.park(thread);
    else thread.terminate();
    lines.end();
    options.ended();
  };
  const tell = (event: ProofEvent): void => void (done || lines.write(`${JSON.stringify(event)}\n`));
  const give = (message: string): void => {
    tell({ kind: "ended", message, problems: [] });
    finish();
  };
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(
      () =>
        give(
          `${playing} took more than ${patience / 1000} s and was ended. Nothing else was disturbed; look for a loop.`,
        ),
      patience,
    );
  };
  thread.onExit((reason) =>
    give(`${playing} ended the thread that proves drafts: ${reason}. Nothing else was disturbed.`),
  );
  thread.onAnswer((answer) => {
    if (done) return;
    wait();
    idle = answer.kind === "judged" || answer.kind === "unprovable";
    if (answer.kind === "plan") {
      left = answer.plan.cases.map((each) => `${each.case} (seed ${each.seed})`);
      tell(answer.plan);
    } else if (answer.kind === "row") {
      cases++;
      if (!answer.row.holds) failed++;
      left.shift();
      tell(answer.row);
    } else if (answer.kind === "judged") {
      const { holds, weak } = answer;
      clearTimeout(timer);
      options
        .keep({ holds, cases, failed })
        .then((record) => tell({ kind: "judged", holds, weak: [...weak], record }))
        .catch((error: Error) =>
          tell({ kind: "ended", message: `The result was not kept: ${error.message}`, problems: [] }),
        )
        .finally(finish);
    } else if (answer.kind === "unprovable") {
      tell({ kind: "ended", message: "The lab cannot be proved yet.", problems: [...answer.problems] });
      finish();
    } else if (answer.kind === "bug") give(`Something in Drydock failed: ${answer.message}`);
    playing = left[0] ?? playing;
  });
  // Who wanted it has gone, or cancels.
  lines.on("close", finish);
  // The answer has begun: who hangs up now cancels something that runs.
  lines.write("\n");
  wait();
  thread.post({ kind: "prove", draft: { name, files }, seeds });
  return lines;
}
