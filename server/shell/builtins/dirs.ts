import { polite } from "../jobs/listing.ts";
import type { Shell } from "../interpreter/shell.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { usage } from "./usage.ts";

export const dirs: PlainBuiltin = {
  name: "dirs",
  synopsis: "[-clpv] [+N] [-N]",
  summary: "Shows the directories that pushd remembers.",
  run(shell, args) {
    let [long, lines, numbers] = [false, false, false];
    let index: number | undefined;
    const stack = shell.directories.list();
    for (const arg of args) {
      if (/^[+-]\d+$/.test(arg)) {
        index = stackIndex(arg, stack.length);
        if (index === undefined) {
          shell.complainInBuiltin(
            stack.length === 1 ? "directory stack empty" : `${arg}: directory stack index out of range`,
          );
          return 1;
        }
      } else if (/^-[clpv]+$/.test(arg)) {
        if (arg.includes("c")) {
          shell.directories.setBelow([]);
          return 0;
        }
        long ||= arg.includes("l");
        lines ||= arg.includes("p");
        numbers ||= arg.includes("v");
      } else {
        shell.complainInBuiltin(`${arg}: invalid number`);
        usage(shell, dirs);
        return 2;
      }
    }
    const shown = stack.map((directory) => (long ? directory : polite(directory, shell.variables.get("HOME"))));
    if (index !== undefined) shell.print(`${numbers ? `${String(index).padStart(2)}  ` : ""}${shown[index]}\n`);
    else if (numbers) shell.print(shown.map((directory, at) => `${String(at).padStart(2)}  ${directory}\n`).join(""));
    else shell.print(lines ? `${shown.join("\n")}\n` : `${shown.join(" ")}\n`);
    return 0;
  },
};

/** What `+N` (from the left) and `-N` (from the right) mean. */
export function stackIndex(arg: string, size: number): number | undefined {
  const count = Number(arg.slice(1));
  const index = arg.startsWith("-") ? size - 1 - count : count;
  return index >= 0 && index < size ? index : undefined;
}

/** Shows the stack, as pushd and popd do. */
export function showStack(shell: Shell): void {
  const home = shell.variables.get("HOME");
  shell.print(`${shell.directories.list().map((directory) => polite(directory, home)).join(" ")}\n`); // prettier-ignore
}
