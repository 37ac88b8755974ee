import { grade, reportText } from "../../../grader/index.ts";
import { openLab } from "../../../labs/index.ts";
import { presetWorld } from "../../sessions/actor/presets.ts";
import { Terminal } from "../../sessions/actor/terminal.ts";
import { Arguments, type OptionKind } from "../arguments.ts";
import { wallPacing } from "../exec/pacing.ts";
import { readLab, readLabs } from "../labs/catalogue.ts";
import type { Command } from "../main.ts";
import { BadInput, UsageError } from "../usage.ts";
import { askAnswers } from "./answers.ts";

const OPTIONS = { "--seed": "value" } as const satisfies Record<string, OptionKind>;
const MICROSECONDS = 1000;

/** `drydock play LAB`: the lab's task, its terminal in this one, and the report when its shell is left. */
export const play: Command = {
  summary: "lets you solve a lab in this terminal",
  usage: "play LAB [--seed N]",
  async run(words) {
    const args = new Arguments("play", words, OPTIONS);
    const [id, ...more] = args.operands;
    if (id === undefined || more.length > 0)
      throw new UsageError(
        `play: which lab? There are ${readLabs()
          .map((source) => source.place(1).lab.id)
          .join(", ")}`,
      );
    if (!process.stdin.isTTY || !process.stdout.isTTY)
      throw new UsageError("play: this needs a terminal; scripts use 'exec --lab'");
    const placed = readLab(id).place(args.number("--seed", 1));
    const start = Math.round(performance.timeOrigin + performance.now()) * MICROSECONDS;
    const world = await openLab(placed, await presetWorld(placed.lab.preset, start));
    const { host: name, user: userName } = placed.lab.terminal;
    const { host } = world.hosts.machine(name);
    const user = host.users.byName(userName);
    if (!user) throw new BadInput(`lab ${id}: ${name} has no user ${userName}`);
    process.stdout.write(`\n${placed.lab.title}\n`);
    for (const task of placed.lab.tasks) process.stdout.write(`\n${placed.text(task.prompt)}\n`);
    process.stdout.write("Leave the shell with 'exit' to be graded.\n\n");
    await terminal(new Session(world, host, user));
    const answers = await askAnswers(placed.lab.tasks);
    const report = await grade(world, placed.lab, { answers });
    process.stdout.write(`\n${reportText(report)}`);
    return report.score >= report.of ? 0 : 1;
  },
};

/** The world's terminal on this one. */
class Session {
  readonly terminal: Terminal;
  readonly pacing;

  constructor(
    ...[world, host, user]: [
      ConstructorParameters<typeof Terminal>[0],
      ConstructorParameters<typeof Terminal>[1],
      ConstructorParameters<typeof Terminal>[2],
    ]
  ) {
    this.pacing = wallPacing(world);
    this.terminal = new Terminal(world, host, user, {
      cols: process.stdout.columns,
      rows: process.stdout.rows,
      display: (bytes) => void process.stdout.write(bytes, "latin1"),
    });
  }
}

async function terminal({ terminal: shell, pacing }: Session): Promise<void> {
  const type = (data: Buffer): void => {
    shell.type(data.toString("utf8"));
  };
  const resize = (): void => shell.resize(process.stdout.columns, process.stdout.rows);
  process.stdin.setRawMode(true);
  process.stdin.resume();
  process.stdin.on("data", type);
  process.stdout.on("resize", resize);
  try {
    await pacing.until(() => shell.ended !== undefined, Infinity);
  } finally {
    process.stdin.off("data", type);
    process.stdout.off("resize", resize);
    process.stdin.setRawMode(false);
    process.stdin.pause();
    pacing.stop();
  }
}
