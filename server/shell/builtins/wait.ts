import { exitCode } from "../../sim/host/index.ts";
import { assign } from "../interpreter/assignment.ts";
import type { Shell } from "../interpreter/shell.ts";
import { Trapped } from "../interpreter/signals.ts";
import type { Steps } from "../interpreter/steps.ts";
import type { Job } from "../jobs/index.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { parseOptions } from "./usage.ts";

export const wait: PlainBuiltin = {
  name: "wait",
  synopsis: "[-fn] [-p var] [id ...]",
  summary: "Waits for commands in the background.",
  *run(shell, args) {
    const parsed = parseOptions(shell, wait, args, "fnp:");
    if (!parsed) return 2;
    const { options, rest } = parsed;
    try {
      if (options.has("n")) return yield* waitForNext(shell, rest, options.get("p") as string | undefined);
      if (rest.length === 0) {
        yield* waitForAll(shell);
        return 0;
      }
      let status = 0;
      for (const id of rest) status = yield* waitForOne(shell, id, options.get("p") as string | undefined);
      return status;
    } catch (error) {
      if (error instanceof Trapped) return error.status;
      throw error;
    }
  },
};

/** As jobs.c wait_for_background_pids: for one running job after another, the first of the table each time. */
function* waitForAll(shell: Shell): Steps<void> {
  const waited = new Set<Job>();
  shell.jobs.poll();
  for (;;) {
    const running = shell.jobs.all.find((job) => job.state === "running");
    if (!running) break;
    const since = shell.process.now;
    yield* shell.jobs.until(() => running.state !== "running");
    // What ends at once would have ended by now, if commands took the time that they do.
    if (shell.process.now > since) waited.add(running);
  }
  shell.jobs.waitedForAll(waited);
}

function* waitForOne(shell: Shell, id: string, variable: string | undefined): Steps<number> {
  if (id.startsWith("%")) {
    const job = shell.jobs.find(id);
    if (typeof job === "object") return yield* waitForJob(shell, job, variable);
    shell.complainInBuiltin(`${id}: ${job}`);
    return 127;
  }
  if (!/^\d+$/.test(id)) {
    shell.complainInBuiltin(`\`${id}': not a pid or valid job spec`);
    return 1;
  }
  shell.jobs.poll();
  const number = Number(id);
  const job = shell.jobs.all.find((candidate) => candidate.members.some((member) => member.shown === number));
  const member = job?.members.find((candidate) => candidate.shown === number);
  if (job && member) {
    yield* shell.jobs.until(() => member.status !== undefined || job.state === "stopped");
    if (variable !== undefined) assign(shell, { name: variable, subscript: undefined }, id);
    finish(shell, job);
    return member.status ? exitCode(member.status) : job.status;
  }
  const known = shell.jobs.endedShown(number);
  if (known) return exitCode(known);
  shell.complainInBuiltin(`pid ${id} is not a child of this shell`);
  return 127;
}

function* waitForJob(shell: Shell, job: Job, variable: string | undefined): Steps<number> {
  yield* shell.jobs.until(() => job.state !== "running");
  if (variable !== undefined) assign(shell, { name: variable, subscript: undefined }, String(job.last.shown));
  finish(shell, job);
  return job.status;
}

/** With a prompt the end of a job is told at once; in a script it is not told at all. */
function finish(shell: Shell, job: Job): void {
  if (job.state !== "done") return;
  shell.jobs.notify();
  job.notified = true;
  shell.jobs.forgetEnded();
}

/** `wait -n`: the first that ends, of those given or of all. */
function* waitForNext(shell: Shell, ids: readonly string[], variable: string | undefined): Steps<number> {
  shell.jobs.poll();
  const wanted = ids.flatMap((id) => {
    const job = id.startsWith("%")
      ? shell.jobs.find(id)
      : (shell.jobs.all.find((candidate) => candidate.members.some((member) => member.shown === Number(id))) ??
        "no such job");
    if (typeof job === "object") return [job];
    shell.complainInBuiltin(`${id}: ${job}`);
    return [];
  });
  const candidates = (): readonly Job[] => (ids.length > 0 ? wanted : shell.jobs.all);
  const ended = (): Job | undefined => candidates().find((job) => job.state === "done" && !job.notified);
  if (!ended() && !candidates().some((job) => job.state === "running")) return 127;
  yield* shell.jobs.until(() => ended() !== undefined || !candidates().some((job) => job.state === "running"));
  const job = ended();
  if (!job) return 127;
  if (variable !== undefined) assign(shell, { name: variable, subscript: undefined }, String(job.last.shown));
  const { status } = job;
  finish(shell, job);
  return status;
}
