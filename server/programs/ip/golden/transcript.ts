import type { Process, Program } from "../../../sim/host/index.ts";
import { SECOND } from "../../../sim/kernel/index.ts";
import { namespaceOf, parseAddress, ping as echo } from "../../../sim/net/index.ts";
import { ash, bash, dash } from "../../../shell/index.ts";
import { createRegistry, programNames } from "../../registry.ts";
import { normalize } from "./normalize.ts";
import { fixture } from "./testing.ts";
import { goldenWorld } from "./world.ts";
import { WORLDS } from "./worlds.ts";

/** A command of a transcript with what the real program did. */
interface Step {
  readonly command: string;
  /** Its output, and `[N]` for a status other than 0. */
  readonly expected: string;
}

/** What is not compared: programs of others, and what the recording machine had and ours has not. */
export interface Exceptions {
  /** Commands that have one of these words. */
  readonly words?: readonly string[];
  /** Commands, by transcript, with the reason. */
  readonly commands?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface Replayed {
  readonly compared: number;
  readonly skipped: number;
  /** In words: what was expected, and what came. */
  readonly different: readonly string[];
}

/** Replays a transcript in its world. */
export async function replay(name: string, exceptions: Exceptions): Promise<Replayed> {
  const { head, steps } = parse(fixture(`${name}.t`));
  const world = goldenWorld(await programs());
  await WORLDS[head["world"] ?? "bare"]!(world);
  world.wait(3);
  const tty =
    head["tty"] === "none" ? undefined : ((head["tty"] ?? "120x40").split("x").map(Number) as [number, number]);
  const different: string[] = [];
  let [compared, skipped, dirty] = [0, 0, true];
  for (const { command, expected } of steps) {
    const changes = MUTATES.test(command);
    if (dirty && !changes) world.wait(2.6);
    dirty = changes;
    const { output, status } = await world.run(command, tty);
    if (
      exceptions.words?.some((word) => new RegExp(`(^|[\\s(|])${word}(\\s|$)`).test(command)) ||
      exceptions.commands?.[name]?.[command] !== undefined
    ) {
      skipped++;
      continue;
    }
    compared++;
    const own = normalize(output);
    const got = `${own === "" || own.endsWith("\n") ? own : `${own} (no-eol)\n`}${status === 0 ? "" : `[${status}]\n`}`;
    if (got !== expected) different.push(`$ ${command}\n--- real\n${expected}--- ours\n${got}`);
  }
  return { compared, skipped, different };
}

/** After such a command the recorder went on at once; before others it waited until the state had settled. */
const MUTATES =
  /^(sudo )?(ip( -[46n]( \w+)?)*( -n \w+)? (l|li|lin|link|a|ad|addr|address|netns) (add|del|delete|set|flush)|ip netns exec \S+ ip (link|addr) (add|del|set)|brctl (add|del)|ifconfig \S+ \S)/;

function parse(text: string): { head: Record<string, string>; steps: Step[] } {
  const head: Record<string, string> = {};
  const steps: { command: string; expected: string }[] = [];
  for (const line of text.split("\n").slice(0, -1)) {
    const header = steps.length === 0 ? /^# ([\w-]+): ?(.*)$/.exec(line) : null;
    if (header) head[header[1]!] = header[2]!;
    else if (line.startsWith("$ ")) steps.push({ command: line.slice(2), expected: "" });
    else steps.at(-1)!.expected += `${line}\n`;
  }
  return { head, steps };
}

let all: Promise<Program[]> | undefined;

/** All programs of the registry and a shell; ping, if there is none, as far as it changes the network. */
function programs(): Promise<Program[]> {
  return (all ??= load());
}

async function load(): Promise<Program[]> {
  const registry = createRegistry([]);
  const names = programNames();
  const loaded = await Promise.all(names.map(async (name) => ({ ...((await registry.find(name)) as Program), name })));
  const stub: Program = { name: "ping", summary: "sends echo requests", run: pingOnly };
  return [...loaded, bash, dash, ash, ...(names.includes("ping") ? [] : [stub])];
}

/** Sends what ping would and prints nothing: for recordings in which others than ping are compared. */
async function pingOnly(process: Process, args: readonly string[]): Promise<number> {
  const to = args.at(-1)!;
  const count = Number(args[args.indexOf("-c") + 1] ?? 1);
  if (parseAddress(to) === undefined) return 2;
  for (let seq = 1; seq <= count; seq++) {
    echo(namespaceOf(process), { to, id: process.pid, seq });
    await process.sleep(SECOND);
  }
  return 0;
}
