import { readAll, type Process } from "../../../../sim/host/index.ts";
import { decode } from "../../../../sim/kernel/index.ts";
import type { Info } from "../../resource/info.ts";

/** Names what is about to be deleted and asks; only a `y` is a yes (kubectl pkg/cmd/delete/delete.go confirmation). */
export async function agreed(process: Process, infos: readonly Info[]): Promise<boolean> {
  const lines = infos.map(({ mapping, name }) => {
    const kind = mapping.kind.toLowerCase();
    return `${kind}${mapping.group === "" ? "" : `.${mapping.group}`}/${name}\n`;
  });
  await process.print(`You are about to delete the following ${infos.length} resource(s):\n${lines.join("")}`);
  await process.print("Do you want to continue? (y/n): ");
  return /^y$/i.test(await answer(process));
}

/** The first word of the first line, or nothing. */
async function answer(process: Process): Promise<string> {
  const stdin = process.fds.find(0);
  if (!stdin) return "";
  if (!stdin.tty) return decode((await readAll(process, stdin, process.kernel.limits.memory)) ?? "").split(/\s/, 1)[0]!;
  const line = decode(await stdin.read(process, 4096));
  return line.trim().split(/\s/, 1)[0]!;
}
