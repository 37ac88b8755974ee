import type { Shell } from "../interpreter/shell.ts";
import type { Job } from "../jobs/index.ts";

/** The job that an argument names; undefined after telling that there is none. */
export function jobArgument(shell: Shell, spec: string | undefined): Job | undefined {
  const found = shell.jobs.find(spec ?? "%%");
  if (typeof found === "object") return found;
  if (found === "ambiguous job spec") shell.complainInBuiltin(`${spec!.replace(/^%/, "")}: ambiguous job spec`);
  else shell.complainInBuiltin(`${spec ?? "current"}: ${found}`);
  return undefined;
}
