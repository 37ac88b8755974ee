import type { Process } from "../../sim/host/index.ts";

const WIDTH = 80;

/** Names in lines of up to 80 columns, indented by two. */
export function columns(names: readonly string[]): string {
  const lines: string[] = [];
  let line = " ";
  for (const name of names) {
    if (line.length + 1 + name.length >= WIDTH) {
      lines.push(line);
      line = " ";
    }
    line += ` ${name}`;
  }
  return [...lines, line].map((text) => `${text}\n`).join("");
}

/** Whether who types it goes on. */
export async function agrees(process: Process): Promise<boolean> {
  await process.print("Do you want to continue? [Y/n] ");
  let answer = "";
  for (;;) {
    const read = await process.read(0, 1);
    if (read === "" && answer === "") return false;
    if (read === "" || read === "\n") break;
    answer += read;
  }
  return /^(y.*)?$/i.test(answer.trim());
}
