import type { Job } from "../jobs/index.ts";
import type { Shell } from "../interpreter/shell.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { jobArgument } from "./job-arguments.ts";
import { invokeBuiltin } from "../interpreter/invoke.ts";
import { runExternal } from "../interpreter/external.ts";
import { parseOptions } from "./usage.ts";

export const jobs: PlainBuiltin = {
  name: "jobs",
  synopsis: "[-lnprs] [jobspec ...] or jobs -x command [args]",
  summary: "Shows what runs in the background or is stopped.",
  *run(shell, args) {
    const parsed = parseOptions(shell, jobs, args[0] === "-x" ? ["-x"] : args, "lnprsx");
    if (!parsed) return 2;
    const { options, rest } = parsed;
    if (options.has("x")) return yield* runWithPids(shell, args.slice(1));
    shell.jobs.poll();
    let status = 0;
    const chosen: Job[] = [];
    for (const spec of rest) {
      const job = jobArgument(shell, spec);
      if (job) chosen.push(job);
      else status = 1;
    }
    for (const job of rest.length > 0 ? chosen : shell.jobs.all) {
      if (options.has("r") && job.state !== "running") continue;
      if (options.has("s") && job.state !== "stopped") continue;
      if (options.has("n") && job.notified) continue;
      if (options.has("p")) shell.print(`${job.members[0]!.shown}\n`);
      else shell.print(shell.jobs.list(job, options.has("l")));
      if (job.state !== "running") job.notified = true;
    }
    shell.jobs.forgetEnded();
    return status;
  },
};

/** `jobs -x command %1`: runs the command with process ids in the place of jobs. */
function* runWithPids(shell: Shell, args: readonly string[]) {
  const words = args.map((arg) => {
    const found = arg.startsWith("%") ? shell.jobs.find(arg) : undefined;
    return typeof found === "object" ? String(found.members[0]!.shown) : arg;
  });
  const builtin = shell.builtins.find(words[0] ?? "");
  if (builtin) return yield* invokeBuiltin(shell, builtin, words.slice(1));
  const environment = shell.variables.environment();
  return yield* runExternal(shell, { argv: words, environment, redirects: [], text: words.join(" "), replace: false });
}
