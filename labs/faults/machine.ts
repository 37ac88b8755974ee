import { z } from "zod";
import { decode, encode } from "../../server/sim/kernel/index.ts";
import { ROOT } from "../../server/sim/host/index.ts";
import { isAddress, parsePrefix } from "../../server/sim/net/index.ts";
import type { World } from "../../server/sim/world/index.ts";
import { runCommand, Scene } from "../../grader/index.ts";
import { Refused } from "../setup/admin.ts";

/** A machine of the world by its name, as faults take it. */
export const MachineName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]*$/, "expected the name of a machine, such as node01")
  .describe("the machine");

export const LinkName = z
  .string()
  .regex(/^[\w.@-]{1,15}\+?$/, "expected the name of an interface, such as eth0")
  .describe("the interface");

/** A network namespace that was made with `ip netns add`. */
export const NetnsName = z
  .string()
  .regex(/^[\w.-]+$/, "expected the name of a network namespace")
  .optional()
  .describe("a network namespace of the machine, as `ip netns` lists it; its own without this");

export const Address = z.string().refine(isAddress, { error: "expected an address, such as 10.244.1.5" });

export const Prefix = z
  .string()
  .refine((text) => isAddress(text) || (text.includes("/") && parsePrefix(text) !== undefined), {
    error: "expected an address or a network, such as 10.244.1.0/24",
  });

/** What root types on a machine. Gives what it prints; throws Refused if it does not end well. */
export async function type(world: World, on: string, command: string): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand(world, new Scene(world).machine(on), command);
  if (exitCode === 0) return stdout;
  throw new Refused(`${command} on ${on}: ${stderr.trim() || `ends with exit code ${exitCode ?? "none"}`}`);
}

/** `ip`, in a network namespace if one is named. */
export function ip(netns: string | undefined): string {
  return netns === undefined ? "ip" : `ip -n ${netns}`;
}

/** The text of a machine's file. Throws Refused if there is none. */
export function readFile(world: World, on: string, path: string): string {
  const { host } = new Scene(world).machine(on);
  if (!host.files.exists(path)) throw new Refused(`${on} has no ${path} to break`);
  return decode(host.files.read(path, ROOT));
}

/** Changes the text of a file of a machine, which keeps its owner and mode. Throws Refused if it isn't there or stays as it is. */
export function editFile(world: World, on: string, path: string, edit: (text: string) => string): void {
  const text = readFile(world, on, path);
  const edited = edit(text);
  if (edited === text) throw new Refused(`there is nothing to break in ${path} on ${on}`);
  new Scene(world).machine(on).host.files.write(path, encode(edited), {}, ROOT);
}
