import type { PlainBuiltin } from "./builtin.ts";
import { jobArgument } from "./job-arguments.ts";
import { parseOptions } from "./usage.ts";

export const bg: PlainBuiltin = {
  name: "bg",
  synopsis: "[job_spec ...]",
  summary: "Goes on with stopped jobs in the background.",
  run(shell, args) {
    const parsed = parseOptions(shell, bg, args, "");
    if (!parsed) return 2;
    if (!shell.jobs.control) {
      shell.complainInBuiltin("no job control");
      return 1;
    }
    shell.jobs.poll();
    let status = 0;
    for (const spec of parsed.rest.length > 0 ? parsed.rest : [undefined]) {
      const job = jobArgument(shell, spec);
      if (!job) status = 1;
      else if (job.state === "running") {
        shell.complainInBuiltin(`job ${job.number} already in background`);
      } else {
        const mark = job === shell.jobs.current ? "+" : job === shell.jobs.previous ? "-" : " ";
        shell.jobs.resumeInBackground(job);
        shell.print(`[${job.number}]${mark} ${job.text} &\n`);
      }
    }
    return status;
  },
};
