import { Errno, READLINE, usageOf, type Process, type ProcessRow } from "../../../sim/host/index.ts";
import { MILLISECOND, SECOND } from "../../../sim/kernel/index.ts";
import { FOREVER } from "../../gnu/interval.ts";
import { Keys } from "../../less/keys.ts";
import { memoryOf } from "../../procps/memory.ts";
import type { Applet } from "../applet.ts";
import { commandWords } from "./ps.ts";
import { topFrame, type Sample, type Sort } from "./top-frame.ts";

/** procps/top.c: the first screen compares with a tenth of a second before. */
const FIRST = 100 * MILLISECOND;
const SORTS: Readonly<Record<string, Sort>> = { n: "pid", m: "memory", p: "cpu", t: "time" };

export const top: Applet = {
  options: "d:n:bHm",
  usage: () => `[-bmH] [-n COUNT] [-d SECONDS]

Show a view of process activity in real time.
Read the status of all processes from /proc each SECONDS
and show a screenful of them.
Keys:
	N/M/P/T: show CPU usage, sort by pid/mem/cpu/time
	S: show memory
	R: reverse sort
	H: toggle threads, 1: toggle SMP
	Q,^C: exit
Options:
	-b	Batch mode
	-n N	Exit after N iterations
	-d SEC	Delay between updates
	-m	Same as 's' key
	-H	Show threads`,
  async run(call) {
    const { process } = call;
    for (const option of ["m", "H"]) if (call.has(option)) return call.notSimulated(`-${option}`);
    const delayText = call.value("d") ?? "5";
    if (!/^\d*\.?\d+$/.test(delayText)) return call.die(`invalid number '${delayText}'`);
    const count = call.value("n");
    if (count !== undefined && !/^\d+$/.test(count)) return call.die(`invalid number '${count}'`);
    const batch = call.has("b");
    const iterations = count === undefined || count === "0" ? Infinity : Number(count);
    return new Top(process, batch, Number(delayText) * SECOND).run(iterations);
  },
};

class Top {
  readonly #process: Process;
  readonly #batch: boolean;
  readonly #delay: number;
  #sort: Sort = "cpu";
  #reversed = false;

  constructor(process: Process, batch: boolean, delay: number) {
    this.#process = process;
    this.#batch = batch;
    this.#delay = Math.min(FOREVER, delay);
  }

  async run(iterations: number): Promise<number> {
    const process = this.#process;
    const keyboard = this.#batch ? undefined : process.fds.find(0);
    const tty = keyboard?.tty;
    const before = tty?.termios;
    if (tty) tty.termios = { ...READLINE };
    const restore = (): void => {
      if (tty && before) tty.termios = before;
    };
    process.on("SIGWINCH", () => process.interrupt());
    process.on("SIGINT", () => {
      restore();
      process.on("SIGINT", undefined);
      process.signal("SIGINT");
    });
    try {
      await this.#loop(iterations, keyboard && tty ? new Keys(process, keyboard) : undefined);
    } finally {
      restore();
    }
    if (!this.#batch) await process.print("\n");
    return 0;
  }

  async #loop(iterations: number, keys: Keys | undefined): Promise<void> {
    const process = this.#process;
    let last = sample(process);
    await process.sleep(FIRST);
    for (let at = 0; at < iterations; at++) {
      const now = sample(process);
      await process.print(this.#screen(last, now));
      last = now;
      if (at + 1 >= iterations) return;
      if (keys) {
        const key = (await this.#key(keys))?.toLowerCase();
        if (key === "q" || key === "\x03") return;
        if (key === "r") this.#reversed = !this.#reversed;
        this.#sort = SORTS[key ?? ""] ?? this.#sort;
      } else await process.sleep(this.#delay);
    }
  }

  #screen(last: Sample, now: Sample): string {
    const process = this.#process;
    const tty = process.fds.find(1)?.tty;
    const size = this.#batch
      ? { columns: 1022, rows: Infinity }
      : { columns: Math.max(1, tty?.cols ?? 80), rows: (tty?.rows ?? 24) - 1 };
    const [memory, cpu, load, heading, ...rows] = topFrame({
      last,
      now,
      sort: this.#sort,
      reversed: this.#reversed,
      load: (process.host.readText("/proc/loadavg") ?? "").trimEnd(),
      ...size,
    }) as [string, string, string, string, ...string[]];
    const shown = this.#batch ? heading : `\x1b[7m${heading}\x1b[m`;
    const text = [memory, cpu, load, shown, ...rows].join("\n");
    return this.#batch ? `${text}\n` : `\x1b[H\x1b[J${text}\r`;
  }

  /** The next key, or undefined when the delay is over or the window has changed. */
  async #key(keys: Keys): Promise<string | undefined> {
    const process = this.#process;
    const source = process.fds.get(0);
    if (!source.readable) {
      try {
        await process.block<void>((wake) => {
          const ends = [source.onReadable(() => wake()), process.kernel.timer(this.#delay, () => wake())];
          return () => ends.forEach((end) => end());
        });
      } catch (error) {
        if (!(error instanceof Errno) || error.code !== "EINTR") throw error;
        return undefined;
      }
    }
    return source.readable ? ((await keys.next()) ?? "q") : undefined;
  }
}

function sample(process: Process): Sample {
  const { host, now, machine } = process;
  const { total, free, shared, buffers, cached } = memoryOf(host);
  const user = ({ uid }: ProcessRow): string => host.users.byUid(uid)?.name ?? String(uid);
  return {
    at: now,
    cpus: machine.row.cpus,
    memory: { total, free, shared, buffers, cached },
    rows: host.processes().map((row) => {
      const { virtual, time } = usageOf(row, now);
      const parent = machine.process(row.ppid);
      const ppid = parent && host.sees(parent) ? host.pidOf(parent) : 0;
      const state = row.state === "zombie" ? "Z" : row.state === "stopped" ? "T" : row.pid === process.pid ? "R" : "S";
      return { pid: host.pidOf(row), ppid, user: user(row), state, virtual, time, command: commandWords(row) };
    }),
  };
}
