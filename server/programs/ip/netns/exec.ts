import { Errno, exec, exitCode, spawnChild } from "../../../sim/host/index.ts";
import { findCommand } from "../../gnu/execute.ts";
import type { IpCall } from "../call.ts";
import { Exit } from "../exit.ts";
import { namesOf, switchNamespace } from "./names.ts";

/** `ip netns exec NAME COMMAND…`: becomes the command, in that namespace (ip/ipnetns.c: netns_exec). */
export async function execInNamespace(call: IpCall, [name, ...command]: readonly string[]): Promise<number> {
  if (name === undefined) throw new Exit(1, "No netns name specified\n");
  if (command.length === 0) throw new Exit(1, "No command specified\n");
  const { process } = call;
  const ns = switchNamespace(process, name);
  const found = findCommand(process, command);
  if (found instanceof Errno) throw new Exit(1, `exec of "${command[0]!}" failed: ${found.message}\n`);
  process.update({ netns: ns.id });
  return exec(process, found.path, found.argv, process.env);
}

/** The same in all namespaces that have a name, one after another. */
export async function execInAll(call: IpCall, command: readonly string[]): Promise<number> {
  if (command.length === 0) throw new Exit(1, "No command specified\n");
  const { process } = call;
  for (const ns of namesOf(call)) {
    call.printer.text(`\nnetns: ${ns.row.name!}\n`);
    await call.flush();
    const found = findCommand(process, command);
    if (found instanceof Errno) throw new Exit(1, `exec of "${command[0]!}" failed: ${found.message}\n`);
    const pid = spawnChild(process, { ...found, netns: ns.id });
    for (;;) {
      const { change, status } = await process.wait([pid]);
      if (change !== "exited") continue;
      if (exitCode(status!) !== 0) return 1;
      break;
    }
  }
  return 0;
}
