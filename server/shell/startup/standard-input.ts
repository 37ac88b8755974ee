import { decode } from "../../sim/kernel/index.ts";
import type { Shell } from "../interpreter/shell.ts";
import type { Steps } from "../interpreter/steps.ts";
import { readUntil } from "../interpreter/read-line.ts";
import { runUnit, tellFault } from "../interpreter/text.ts";
import { parse } from "../syntax/index.ts";

/** Runs commands as they come on standard input, and reads no further than they go: the commands may read the rest. */
export function* runStandardInput(shell: Shell): Steps<number> {
  let text = "";
  let line = 1;
  const origin = { name: undefined, line: 1 };
  for (;;) {
    const file = shell.process.fds.find(0);
    const read = file ? yield* readUntil(shell, file, "\n") : { bytes: "", end: "eof" as const };
    const ended = read.end === "eof";
    text += decode(read.bytes) + (ended ? "" : "\n");
    if (ended && text.trim() === "") return shell.lastStatus;
    const parsed = parse(text, { line, extglob: shell.options.shopt("extglob") });
    if (parsed.incomplete && !ended) continue;
    for (const unit of parsed.units) if (!(yield* runUnit(shell, unit, origin))) return shell.lastStatus;
    if (parsed.fault?.resume !== undefined) tellFault(shell, parsed.fault, origin);
    else if (parsed.fault) return tellFault(shell, parsed.fault, origin);
    if (ended) return shell.lastStatus;
    line += text.split("\n").length - 1;
    text = "";
  }
}
