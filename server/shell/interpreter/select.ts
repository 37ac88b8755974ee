import { decode, encode } from "../../sim/kernel/index.ts";
import { assign } from "./assignment.ts";
import { writePrinted } from "./invoke.ts";
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
    shell.print("\n");
    yield* writePrinted(shell, "select", shell.takePrinted());
    return undefined;
  }
  const reply = decode(line.bytes).trim();
  assign(shell, { name: "REPLY", subscript: undefined }, reply);
  return reply;
}

/** As print_select_list of execute_cmd.c: in columns, if there is room for more than one; blanks become tabs. */
function menu(values: readonly string[], width: number): string {
  const digits = String(values.length).length;
  const widest = Math.max(...values.map((value) => encode(value).length)) + digits + 2 + 2;
  const columns = Math.max(1, Math.floor(width / widest));
  let rows = Math.ceil(values.length / columns);
  let perRow = Math.ceil(values.length / rows);
  if (rows === 1) [rows, perRow] = [perRow, 1];
  const firstDigits = String(rows).length;
  let text = "";
  for (let row = 0; row < rows; row++) {
    let position = 0;
    for (let at = row; ; at += rows) {
      const room = position === 0 ? firstDigits : digits;
      text += `${String(at + 1).padStart(room)}) ${values[at]}`;
      const used = encode(values[at]!).length + room + 2;
      if (at + rows >= values.length) break;
      text += indent(position + used, position + widest);
      position += widest;
    }
    text += "\n";
  }
  return text;
}

/** From one column to another with tabs and blanks. */
function indent(from: number, to: number): string {
  let text = "";
  for (let at = from; at < to;) {
    const tab = Math.floor(to / 8) > Math.floor(at / 8);
    text += tab ? "\t" : " ";
    at += tab ? 8 - (at % 8) : 1;
  }
  return text;
}
