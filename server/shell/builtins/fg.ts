import type { PlainBuiltin } from "./builtin.ts";
import { jobArgument } from "./job-arguments.ts";
import { parseOptions } from "./usage.ts";

export const fg: PlainBuiltin = {
  name: "fg",
  synopsis: "[job_spec]",
  summary: "Goes on with a job in the foreground.",
  *run(shell, args) {
    const parsed = parseOptions(shell, fg, args, "");
    if (!parsed) return 2;
    if (!shell.jobs.control) {
      shell.complainInBuiltin("no job control");
      return 1;
    }
    shell.jobs.poll();
    const job = jobArgument(shell, parsed.rest[0]);
    if (!job) return 1;
    if (job.state === "done") {
      shell.complainInBuiltin("job has terminated");
      return 1;
    }
    shell.print(`${job.text}\n`);
    const printed = shell.takePrinted();
    yield shell.process.print(printed);
    return yield* shell.jobs.resume(job);
  },
};
