import type { Process } from "../../sim/host/index.ts";
import type { CurlVersion } from "./version.ts";

/** Tells a warning, in lines of the terminal's width (src/tool_msgs.c). */
export async function tellWarning(process: Process, version: CurlVersion, text: string): Promise<void> {
  const columns = version.isAtLeast("8.4") ? (process.fds.find(2)?.tty?.cols ?? 79) : 79;
  const width = columns - "Warning: ".length;
  // The text of older versions ended with a newline, which counted.
  const end = version.isAtLeast("8.0") ? 0 : 1;
  let rest = text;
  let out = "";
  while (rest.length + end > width) {
    const blank = rest.lastIndexOf(" ", width - 1);
    const cut = blank <= 0 ? width : blank + 1;
    out += `Warning: ${rest.slice(0, cut)}\n`;
    rest = rest.slice(cut);
  }
  await process.error(`${out}Warning: ${rest}\n`);
}
