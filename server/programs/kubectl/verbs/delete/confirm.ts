import { LineInput, type Process } from "../../../../sim/host/index.ts";
import type { Info } from "../../resource/info.ts";

/** `--interactive`: names what would go and asks (kubectl pkg/cmd/delete/delete.go confirmation). */
export async function confirmed(process: Process, infos: readonly Info[]): Promise<boolean> {
  const lines = infos.map(({ mapping: { kind, group }, name }) => {
    const type = kind.toLowerCase();
    return `${group === "" ? type : `${type}.${group}`}/${name}\n`;
  });
  await process.print(`You are about to delete the following ${infos.length} resource(s):\n${lines.join("")}`);
  await process.print("Do you want to continue? (y/n): ");
  const stdin = process.fds.find(0);
  const answer = stdin ? await new LineInput(process, stdin).next() : undefined;
  return answer?.trim().toLowerCase() === "y";
}
