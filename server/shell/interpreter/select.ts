import { decode, encode } from "../../sim/kernel/index.ts";
import { assign } from "./assignment.ts";
import { readUntil } from "./read-line.ts";
import type { Shell } from "./shell.ts";
import type { Steps } from "./steps.ts";

/** Shows the choices of `select` (if `show`), asks with PS3 and reads the answer into REPLY; undefined at the end of the input. */
export function* readSelection(shell: Shell, values: readonly string[], show: boolean): Steps<string | undefined> {
  if (show) shell.writeError(menu(values, Number(shell.variables.get("COLUMNS")) || 80));
  const prompt = shell.variables.get("PS3");
  shell.writeError(prompt === undefined ? "#? " : yield* shell.decodePrompt(prompt));
  const file = shell.process.fds.find(0);
  const line = file ? yield* readUntil(shell, file, "\n") : undefined;
  if (!line || (line.end === "eof" && line.bytes === "")) {
    shell.writeError("\n");
    return undefined;
  }
  const reply = decode(line.bytes).trim();
  assign(shell, { name: "REPLY", subscript: undefined }, reply);
  return reply;
}

/** As print_select_list of execute_cmd.c: in columns, if there is room for more than one. */
function menu(values: readonly string[], width: number): string {
  const digits = String(values.length).length;
  const widest = Math.max(...values.map((value) => encode(value).length)) + digits + 2 + 2;
  const columns = Math.max(1, Math.floor(width / widest));
  let rows = Math.ceil(values.length / columns);
  if (rows === 1) rows = values.length;
  const lines = Array.from({ length: rows }, (_, row) => {
    let line = "";
    let position = 0;
    for (let at = row; at < values.length; at += rows) {
      const entry = `${String(at + 1).padStart(digits)}) ${values[at]}`;
      line += entry;
      position += entry.length;
      if (at + rows >= values.length) break;
      const next = Math.ceil((position + 1) / widest) * widest;
      line += " ".repeat(next - position);
      position = next;
    }
    return `${line}\n`;
  });
  return lines.join("");
}
