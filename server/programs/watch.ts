import { Errno, exitCode, FdTable, MemoryOutput, spawnChild, type Process } from "../sim/host/index.ts";
import { decode, SECOND } from "../sim/kernel/index.ts";
import { findCommand } from "./gnu/execute.ts";
import { FOREVER } from "./gnu/interval.ts";
import { strftime, zoneOf } from "./gnu/strftime.ts";
import { tool, type Call } from "./gnu/tool.ts";
import { columnsOf, cutColumns } from "./gnu/width.ts";
import { wrap } from "./less/screen-lines.ts";

export const watch = tool({
  name: "watch",
  package: "procps",
  title: "watch from procps-ng",
  summary: "execute a program periodically, showing output fullscreen",
  usage: ["[options] command"],
  stopAtOperand: true,
  flags: {
    beep: { short: "b", long: "beep", help: "beep if command has a non-zero exit" },
    color: { short: "c", long: "color", help: "interpret ANSI color and style sequences" },
    noColor: { short: "C", long: "no-color", help: "do not interpret ANSI color and style sequences" },
    differences: { short: "d", long: "differences", arg: "permanent", optional: true, help: "highlight changes between updates" }, // prettier-ignore
    errexit: { short: "e", long: "errexit", help: "exit if command has a non-zero exit" },
    chgexit: { short: "g", long: "chgexit", help: "exit when output from command changes" },
    equexit: { short: "q", long: "equexit", arg: "cycles", help: "exit when output from command does not change" },
    interval: { short: "n", long: "interval", arg: "secs", help: "seconds to wait between updates" },
    precise: { short: "p", long: "precise", help: "attempt run command in precise intervals" },
    noTitle: { short: "t", long: "no-title", help: "turn off header" },
    noWrap: { short: "w", long: "no-wrap", help: "turn off line wrapping" },
    exec: { short: "x", long: "exec", help: 'pass command to exec instead of "sh -c"' },
    rerun: { short: "r", long: "no-rerun", help: "do not rerun program on window resize" },
    shortVersion: { short: "v" },
  },
  async run(call) {
    const { process, operands } = call;
    if (operands.length === 0) {
      await process.error(
        `\nUsage:\n ${call.name} [options] command\n\nTry '${call.name} --help' for the options that exist here.\n`,
      );
      return 1;
    }
    const text = (call.value("interval") ?? process.env["WATCH_INTERVAL"] ?? "2").replace(",", ".");
    if (!/^\d*\.?\d+$/.test(text)) return call.fail(`failed to parse argument: '${text}'`);
    const interval = Math.max(0.1, Number(text));
    return new Watching(call, interval).run();
  },
});

class Watching {
  readonly #call: Call<string>;
  readonly #process: Process;
  readonly #interval: number;
  #before: readonly string[] | undefined;
  /** Cells that were ever changed, for -d=permanent. */
  readonly #changed = new Set<string>();
  #same = 0;

  constructor(call: Call<string>, interval: number) {
    this.#call = call;
    this.#process = call.process;
    this.#interval = interval;
  }

  async run(): Promise<number> {
    const process = this.#process;
    const tty = process.fds.find(1)?.tty;
    let redraw = false;
    process.on("SIGWINCH", () => {
      redraw = true;
      process.interrupt();
    });
    // ncurses' start and end: the alternate screen, the cursor's place.
    if (tty) {
      await process.print("\x1b[?1049h\x1b[22;0;0t\x1b[H\x1b[2J");
      process.on("SIGINT", () => void this.#leave());
    }
    for (;;) {
      const started = process.now;
      const { output, code } = await this.#command();
      const ended = await this.#show(output, code);
      if (ended !== undefined) {
        if (tty) await process.print("\x1b[?1049l\x1b[23;0;0t");
        return ended;
      }
      const span = this.#interval * SECOND - (this.#call.has("precise") ? process.now - started : 0);
      try {
        await process.sleep(Math.min(FOREVER, Math.max(0, span)));
      } catch (error) {
        if (!(error instanceof Errno) || error.code !== "EINTR" || !redraw) throw error;
        redraw = false;
      }
    }
  }

  async #leave(): Promise<void> {
    await this.#process.print("\x1b[?1049l\x1b[23;0;0t\r");
    this.#process.end({ signal: "SIGINT" });
  }

  /** Runs the command once, with its output kept. */
  async #command(): Promise<{ output: string; code: number }> {
    const process = this.#process;
    const { operands } = this.#call;
    const words = this.#call.has("exec") ? operands : ["sh", "-c", operands.join(" ")];
    const found = findCommand(process, words);
    if (found instanceof Errno)
      return { output: `watch: unable to execute '${words[0]!}': ${found.message}\n`, code: 127 };
    const output = new MemoryOutput(process.kernel.limits.memory);
    const input = process.fds.find(0);
    const fds = new FdTable(
      input
        ? [
            [0, input],
            [1, output],
            [2, output],
          ]
        : [
            [1, output],
            [2, output],
          ],
    );
    const pid = spawnChild(process, { ...found, fds });
    for (;;) {
      const { change, status } = await process.wait([pid]);
      if (change === "exited") return { output: decode(output.take()), code: exitCode(status!) };
    }
  }

  /** Draws what the command wrote; an exit code ends the watch. */
  async #show(output: string, code: number): Promise<number | undefined> {
    const process = this.#process;
    const tty = process.fds.find(1)?.tty;
    const [columns, rows] = [tty?.cols ?? 80, tty?.rows ?? 24];
    const header = this.#call.has("noTitle") ? [] : [this.#header(columns), ""];
    const height = rows - header.length;
    const lines = output
      .split("\n")
      .flatMap((line) =>
        this.#call.has("noWrap") ? [cutColumns(line, columns)] : wrap(line.replaceAll("\r", ""), columns, false, 0),
      )
      .slice(0, height);
    if (lines.at(-1) === "") lines.pop();
    const shown = this.#call.has("differences") && this.#before ? this.#marked(lines, this.#before) : lines;
    const changed = this.#before !== undefined && this.#before.join("\n") !== lines.join("\n");
    this.#before = lines;
    if (tty) {
      const body = [...header, ...shown].map((line) => `${line}\x1b[K`);
      await process.print(`\x1b[H${body.join("\n")}\x1b[J${this.#call.has("beep") && code !== 0 ? "\x07" : ""}`);
    } else {
      // Without a terminal ncurses still paints screens of 80 by 24.
      await process.print(`${[...header, ...shown].join("\n")}\n`);
    }
    if (code !== 0 && this.#call.has("errexit")) return code;
    if (changed && this.#call.has("chgexit")) return 0;
    this.#same = changed ? 0 : this.#same + 1;
    const most = this.#call.value("equexit");
    return most !== undefined && this.#same > Number(most) ? 0 : undefined;
  }

  /** `Every 2.0s: date` on the left, `host: time` on the right (procps src/watch.c output_header). */
  #header(columns: number): string {
    const { host, now, env } = this.#process;
    const right = `${host.hostname}: ${strftime("%a %b %e %H:%M:%S %Y", now, zoneOf(env["TZ"]))}`;
    const left = `Every ${this.#interval.toFixed(1)}s: `;
    const command = this.#call.operands.join(" ");
    const room = columns - columnsOf(left) - columnsOf(right) - 1;
    if (room < 0) return cutColumns(right, columns).padStart(columns);
    const shown = columnsOf(command) <= room ? command : room < 4 ? "" : `${cutColumns(command, room - 4)}... `;
    return `${left}${shown}${" ".repeat(Math.max(1, columns - columnsOf(left) - columnsOf(shown) - columnsOf(right)))}${right}`;
  }

  /** Lines with what changed since the last time in reverse video. */
  #marked(lines: readonly string[], before: readonly string[]): string[] {
    const permanent = this.#call.value("differences") !== undefined;
    return lines.map((line, row) => {
      const [chars, old] = [Array.from(line), Array.from(before[row] ?? "")];
      let out = "";
      let on = false;
      chars.forEach((char, at) => {
        if (char !== (old[at] ?? " ") && permanent) this.#changed.add(`${row},${at}`);
        const marked = char !== (old[at] ?? " ") || this.#changed.has(`${row},${at}`);
        if (marked !== on) out += marked ? "\x1b[7m" : "\x1b[27m";
        on = marked;
        out += char;
      });
      return on ? `${out}\x1b[27m` : out;
    });
  }
}
