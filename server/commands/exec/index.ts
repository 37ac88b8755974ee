import { SECOND, type Time } from "../../sim/kernel/index.ts";
import { Arguments, type OptionKind } from "../arguments.ts";
import type { Command } from "../main.ts";
import { openWorld } from "../open-world.ts";
import { UsageError } from "../usage.ts";
import { WORLD_OPTIONS, worldChoice, type WorldChoice } from "../world-options.ts";
import { Driver, type PartResult } from "./driver.ts";
import { virtualPacing, wallPacing } from "./pacing.ts";
import { readParts, type Part } from "./parts.ts";

const OPTIONS = {
  ...WORLD_OPTIONS,
  "--json": "flag",
  "--tty": "value",
  "--gap": "value",
  "--real-time": "flag",
  "-c": "repeat",
  "--lines": "repeat",
  "--script": "repeat",
  "--transcript": "repeat",
} as const satisfies Record<string, OptionKind>;

const GAP_SECONDS = 2.6;

/** `drydock exec`: types lines into one fresh world and prints what came of them. */
export const exec: Command = {
  summary: "types commands into a fresh world and prints what they print",
  usage:
    "exec [--lab ID | --cluster PRESET | --world NAME] [--on HOST] [--seed N] [--json] [--tty COLSxROWS] [--gap SECONDS] [--real-time] (-c TEXT | --lines FILE.jsonl | --script FILE | --transcript FILE.t)…",
  async run(words) {
    const args = new Arguments("exec", words, OPTIONS);
    if (args.operands.length > 0) throw new UsageError(`exec: unexpected '${args.operands[0]!}': commands follow -c`);
    const parts = await readParts(args);
    const gap = args.number("--gap", GAP_SECONDS) * SECOND;
    const size = terminalSize(args.value("--tty"));
    const realTime = args.has("--real-time");
    const start: Time | undefined = realTime
      ? Math.round(performance.timeOrigin + performance.now()) * 1000
      : undefined;
    const { world, host, user } = await openWorld(choiceFor(parts, worldChoice(args)), start);
    const pacing = realTime ? wallPacing(world) : virtualPacing(world);
    const driver = new Driver(world, pacing, { host, user, ...(size ? { size } : {}) });
    let last: PartResult | undefined;
    for (const part of parts) {
      if (last) await pacing.pass(world.now + gap);
      last = await driver.play(part);
      print(last, args.has("--json"));
    }
    const end = await driver.end();
    if (!args.has("--json")) {
      process.stdout.write(end.stdout);
      process.stderr.write(end.stderr);
    }
    pacing.stop();
    return last?.exitCode ?? 0;
  },
};

/** A transcript names the world that it was recorded in. */
function choiceFor(parts: readonly Part[], choice: WorldChoice): WorldChoice {
  if (choice.lab !== undefined || choice.cluster !== undefined || choice.world !== undefined) return choice;
  const worlds = parts.flatMap((part) => (part.kind === "transcript" ? [part.transcript.head["world"] ?? "bare"] : []));
  const other = worlds.find((world) => world !== worlds[0]);
  if (other !== undefined)
    throw new UsageError(
      `exec: transcripts of the worlds '${worlds[0]!}' and '${other}' cannot be played in one: say --world`,
    );
  return worlds[0] === undefined ? choice : { ...choice, world: worlds[0] };
}

function print(result: PartResult, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return;
  }
  process.stdout.write(result.stdout);
  process.stderr.write(result.stderr);
}

function terminalSize(text: string | undefined): { cols: number; rows: number } | undefined {
  if (text === undefined) return undefined;
  const [, cols, rows] = /^([1-9]\d{0,2})x([1-9]\d{0,2})$/.exec(text) ?? [];
  if (cols === undefined) throw new UsageError(`exec: '--tty' takes COLSxROWS such as 120x40, not '${text}'`);
  return { cols: Number(cols), rows: Number(rows) };
}
