import { attempt, basename, Errno, join, type Process } from "../../sim/host/index.ts";
import { shellQuote } from "../gnu/quoting.ts";
import type { Call } from "../gnu/tool.ts";

/** Sources with the paths that they are to have. */
export interface Step {
  readonly from: string;
  readonly to: string;
}

/**
 * What `SOURCE DEST`, `SOURCE… DIRECTORY`, `-t DIRECTORY SOURCE…` and `-T` ask for (cp, mv, ln, install). A number is the exit
 * code after a message.
 */
export async function destinations(
  call: Call<string>,
  rules: { readonly intoLinks?: boolean } = {},
): Promise<readonly Step[] | number> {
  const { operands, process } = call;
  const directory = call.value("targetDirectory");
  const exact = call.has("noTargetDirectory");
  if (operands.length === 0) return call.usage("missing file operand");
  if (operands.length === 1 && directory === undefined)
    return call.usage(`missing destination file operand after ${shellQuote(operands[0]!)}`);
  if (exact) {
    if (directory !== undefined)
      return call.fail("cannot combine --target-directory (-t) and --no-target-directory (-T)");
    if (operands.length > 2) return call.usage(`extra operand ${shellQuote(operands[2]!)}`);
    return [{ from: operands[0]!, to: operands[1]! }];
  }
  if (directory !== undefined) {
    const problem = directoryProblem(process, directory);
    if (problem) return call.fail(`target directory ${shellQuote(directory)}: ${problem.message}`);
    return operands.map((from) => ({ from, to: into(directory, from) }));
  }
  const last = operands.at(-1)!;
  const sources = operands.slice(0, -1);
  const problem = directoryProblem(process, last, rules.intoLinks ?? true);
  if (!problem) return sources.map((from) => ({ from, to: into(last, from) }));
  if (operands.length > 2) return call.fail(`target ${shellQuote(last)}: ${problem.message}`);
  return [{ from: sources[0]!, to: last }];
}

function into(directory: string, from: string): string {
  return join(directory, basename(from));
}

/** Why a path cannot take files: it is no directory. */
export function directoryProblem(process: Process, path: string, intoLinks = true): Errno | undefined {
  const { files } = process.host;
  const stat = attempt(() => (intoLinks ? files.stat(path, process) : files.lstat(path, process)));
  if (stat instanceof Errno) return stat;
  return stat.type === "dir" ? undefined : new Errno("ENOTDIR");
}
