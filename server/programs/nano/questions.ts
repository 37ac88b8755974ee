import { Errno } from "../../sim/host/index.ts";
import { decode } from "../../sim/kernel/index.ts";
import { columnAt } from "../vi/chars.ts";
import { GOTO, INSERT, REPLACE_WITH } from "./menus.ts";
import type { Nano } from "./session.ts";

export async function replace(nano: Nano): Promise<void> {
  const given = await nano.ask("Replace with: ", REPLACE_WITH);
  if (!given) return;
  const origin = nano.text.cursor;
  const { top } = nano;
  let all = false;
  let count = 0;
  let from = { line: origin.line, col: origin.col - 1 };
  let passed = false;
  for (;;) {
    const found = nano.find(from, false);
    if (!found) break;
    if (found.wrapped) {
      if (passed) break;
      passed = true;
    }
    if (passed && (found.line > origin.line || (found.line === origin.line && found.from >= origin.col))) break;
    nano.text.moveTo({ line: found.line, col: found.from });
    nano.follow(true);
    let answer: string | undefined = "a";
    if (!all) {
      nano.spotlight = found;
      answer = await nano.yesNo("Replace this instance?", true);
      nano.spotlight = undefined;
      if (answer === undefined) break;
      if (answer === "a") all = true;
    }
    if (answer === "n") {
      from = { line: found.line, col: found.from };
      continue;
    }
    const line = nano.text.lines[found.line]!;
    nano.text.change("replacement", found.line, 1, [line.slice(0, found.from) + given.answer + line.slice(found.to)], { line: found.line, col: found.from + given.answer.length }); // prettier-ignore
    if (!all) nano.text.close();
    count++;
    from = { line: found.line, col: found.from + given.answer.length - 1 };
  }
  nano.text.close();
  if (count === 0 && nano.message === "") nano.message = `"${nano.search.text}" not found`;
  else if (nano.message !== "Cancelled" || count > 0)
    nano.message = `Replaced ${count} ${count === 1 ? "occurrence" : "occurrences"}`;
  nano.text.moveTo({ line: origin.line, col: Math.min(origin.col, nano.text.lines[origin.line]!.length) });
  nano.top = top;
}

export async function askGoTo(nano: Nano): Promise<void> {
  const given = await nano.ask("Enter line number, column number: ", GOTO);
  if (!given) return;
  const match = /^\s*(-?\d+)?\s*(?:[,.:]\s*(-?\d+))?\s*$/.exec(given.answer);
  if (given.answer === "" || !match || (match[1] === undefined && match[2] === undefined) || match[1] === "0") {
    nano.message = given.answer === "" ? "Cancelled" : "Invalid line or column number";
    return;
  }
  nano.goTo(match[1] === undefined ? nano.text.cursor.line + 1 : Number(match[1]), match[2] === undefined ? (match[1] === undefined ? 1 : columnAt(nano.text.line, nano.text.cursor.col, 8) + 1) : Number(match[2])); // prettier-ignore
}

/** ^R: a file comes in at the cursor. */
export async function insertFile(nano: Nano): Promise<void> {
  const given = await nano.ask("File to insert [from ./]: ", INSERT);
  if (!given || given.answer === "") {
    if (given) nano.message = "Cancelled";
    return;
  }
  const found = nano.disk.read(nano.disk.expand(given.answer));
  if (found instanceof Errno) {
    nano.message = found.code === "ENOENT" ? `File "${given.answer}" not found` : found.code === "EISDIR" ? `"${given.answer}" is a directory` : `Error reading ${given.answer}: ${found.message}`; // prettier-ignore
    return;
  }
  const content = decode(found.bytes);
  nano.text.close();
  nano.text.insert("insertion", content);
  nano.text.close();
  const lines = content.split("\n").length - (content.endsWith("\n") ? 1 : 0);
  nano.message = `Read ${lines} ${lines === 1 ? "line" : "lines"}`;
}
