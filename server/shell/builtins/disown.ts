import type { PlainBuiltin } from "./builtin.ts";
import { jobArgument } from "./job-arguments.ts";
import { parseOptions } from "./usage.ts";

export const disown: PlainBuiltin = {
  name: "disown",
  synopsis: "[-h] [-ar] [jobspec ... | pid ...]",
  summary: "Forgets jobs, so that they outlive the shell.",
  run(shell, args) {
    const parsed = parseOptions(shell, disown, args, "har");
    if (!parsed) return 2;
    const { options, rest } = parsed;
    const everything = rest.length === 0 && (options.has("a") || options.has("r"));
    const all = shell.jobs.all.filter((job) => !options.has("r") || job.state === "running");
    let status = 0;
    const chosen = everything ? [...all] : [];
    for (const spec of everything ? [] : rest.length > 0 ? rest : [undefined]) {
      const byPid = spec === undefined || !/^\d+$/.test(spec) ? undefined : shell.jobs.all.find((job) => job.members.some((member) => member.shown === Number(spec))); // prettier-ignore
      if (spec !== undefined && /^\d+$/.test(spec) && !byPid) {
        shell.complainInBuiltin(`${spec}: no such job`);
        status = 1;
        continue;
      }
      const job = byPid ?? jobArgument(shell, spec);
      if (job) chosen.push(job);
      else status = 1;
    }
    for (const job of chosen) {
      if (options.has("h")) {
        job.keepsRunning = true;
        continue;
      }
      if (job.state === "stopped")
        shell.complain(`warning: deleting stopped job ${job.number} with process group ${job.members[0]!.shown}`);
      shell.jobs.remove(job);
    }
    return status;
  },
};
