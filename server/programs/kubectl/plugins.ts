import { exec, findInPath, type Process } from "../../sim/host/index.ts";

/**
 * Runs `kubectl-a-b` from PATH for `kubectl a b …`, the longest name that is there (kubectl pkg/cmd/cmd.go
 * HandlePluginCommand), of at least `least` words. Undefined if there is none; the exit code if the call was wrong.
 */
export async function runPlugin(process: Process, args: readonly string[], least: number): Promise<number | undefined> {
  const end = args.findIndex((word) => word.startsWith("-"));
  const names = args.slice(0, end < 0 ? args.length : end).map((word) => word.replaceAll("-", "_"));
  if (names.length === 0) {
    await process.error(`Error: flags cannot be placed before plugin name: ${args[0]!}\n`);
    return 1;
  }
  for (let count = names.length; count >= least; count--) {
    const file = findInPath(process.host, `kubectl-${names.slice(0, count).join("-")}`, process.env["PATH"], process);
    if (file !== undefined) await exec(process, file, [file, ...args.slice(count)], process.env);
  }
  return undefined;
}
