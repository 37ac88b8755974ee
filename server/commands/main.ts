import { BadFile } from "../../labs/schema/bad-file.ts";
import { BadInput, EXIT_BAD_INPUT, EXIT_NOT_SIMULATED, EXIT_USAGE, NotSimulated, UsageError } from "./usage.ts";

/** A command of `drydock`: what it is for, how it is called, and what it does. Returns the exit code. */
export interface Command {
  readonly summary: string;
  readonly usage: string;
  run(args: readonly string[]): Promise<number>;
}

const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  accounts: async () => (await import("./accounts/index.ts")).accounts,
  bench: async () => (await import("./bench/index.ts")).bench,
  cluster: async () => (await import("./cluster/index.ts")).cluster,
  exec: async () => (await import("./exec/index.ts")).exec,
  play: async () => (await import("./play/index.ts")).play,
  trace: async () => (await import("./trace/index.ts")).trace,
  labs: async () => (await import("./labs/index.ts")).labs,
  serve: async () => (await import("./serve/index.ts")).serve,
};

/** Runs `drydock ARGS`. Drydock's own words go to stderr. */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  try {
    if (name === undefined || name === "help" || name === "--help" || name === "-h") {
      await help(rest[0]);
      return name === undefined ? EXIT_USAGE : 0;
    }
    const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!load) throw new UsageError(`no command '${name}'; there are ${Object.keys(COMMANDS).join(", ")}`);
    const command = await load();
    if (rest.includes("--help") || rest.includes("-h")) {
      await help(name);
      return 0;
    }
    return await command.run(rest);
  } catch (error) {
    return report(error);
  }
}

async function help(name: string | undefined): Promise<void> {
  if (name !== undefined && Object.hasOwn(COMMANDS, name)) {
    const { summary, usage } = await COMMANDS[name]!();
    process.stdout.write(`${summary}\n\nUsage: drydock ${usage}\n`);
    return;
  }
  const rows = await Promise.all(
    Object.entries(COMMANDS).map(async ([key, load]) => `  ${key.padEnd(10)}${(await load()).summary}\n`),
  );
  process.stdout.write(
    `drydock: practise Kubernetes networking in a simulated cluster\n\n${rows.join("")}\nMore: drydock COMMAND --help\n`,
  );
}

function report(error: unknown): number {
  if (error instanceof BadFile) {
    for (const problem of error.problems) process.stderr.write(`drydock: ${problem}\n`);
    return EXIT_BAD_INPUT;
  }
  if (error instanceof UsageError) return say(error, EXIT_USAGE);
  if (error instanceof BadInput) return say(error, EXIT_BAD_INPUT);
  if (error instanceof NotSimulated) return say(error, EXIT_NOT_SIMULATED);
  if (process.env["DRYDOCK_DEBUG"]) throw error;
  process.stderr.write(
    `drydock: internal error: ${error instanceof Error ? error.message : String(error)} (DRYDOCK_DEBUG=1 shows where)\n`,
  );
  return 70;
}

function say(error: Error, code: number): number {
  process.stderr.write(`drydock: ${error.message}\n`);
  return code;
}
