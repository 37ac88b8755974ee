import {
  exitCode,
  parseSignal,
  signalNumber,
  spawnChild,
  Errno,
  type ExitStatus,
  type Process,
  type Signal,
} from "../sim/host/index.ts";
import { codeOf, findCommand } from "./gnu/execute.ts";
import { FOREVER, parseInterval } from "./gnu/interval.ts";
import { tool, type Call } from "./gnu/tool.ts";

export const timeout = tool({
  name: "timeout",
  package: "coreutils",
  summary: "run a command with a time limit",
  usage: ["[OPTION] DURATION COMMAND [ARG]..."],
  about: "Start COMMAND, and kill it if still running after DURATION.",
  stopAtOperand: true,
  trouble: 125,
  flags: {
    preserve: {
      long: "preserve-status",
      help: "exit with the same status as COMMAND, even when the command times out",
    },
    foreground: { long: "foreground", help: "when not running timeout directly from a shell prompt, allow COMMAND to read from the TTY and get TTY signals" }, // prettier-ignore
    killAfter: { short: "k", long: "kill-after", arg: "DURATION", help: "also send a KILL signal if COMMAND is still running this long after the initial signal was sent" }, // prettier-ignore
    signal: { short: "s", long: "signal", arg: "SIGNAL", help: "specify the signal to be sent on timeout" },
    verbose: { short: "v", long: "verbose", help: "diagnose to stderr any signal sent upon timeout" },
  },
  async run(call) {
    const { process, operands } = call;
    const signalText = call.value("signal") ?? "TERM";
    const signal = parseSignal(signalText);
    if (!signal) return call.usage(`${call.quote(signalText)}: invalid signal`);
    const spans: number[] = [];
    for (const text of [call.value("killAfter") ?? "0", operands[0]]) {
      if (text === undefined) break;
      const span = parseInterval(text);
      if (span === undefined) return call.usage(`invalid time interval ${call.quote(text)}`);
      spans.push(Math.min(span, FOREVER));
    }
    if (operands.length < 2) return call.usage();
    const words = operands.slice(1);
    const found = findCommand(process, words);
    if (found instanceof Errno) {
      await call.say(`failed to run command ${call.quote(words[0]!)}: ${found.message}`);
      return codeOf(found);
    }
    // In a group of its own, so that the signal reaches all that the command starts.
    if (!call.has("foreground") && process.row.pgid !== process.pid) process.update({ pgid: process.pid });
    const pid = spawnChild(process, found);
    return new Limit(call, process, pid, signal, spans as [number, number]).wait();
  },
});

class Limit {
  readonly #call: Call<string>;
  readonly #process: Process;
  readonly #child: number;
  readonly #signal: Signal;
  readonly #killAfter: number;
  readonly #span: number;
  #timedOut = false;
  #killed = false;
  #cancel: () => void = () => {};

  constructor(
    call: Call<string>,
    process: Process,
    child: number,
    signal: Signal,
    [killAfter, span]: [number, number],
  ) {
    this.#call = call;
    this.#process = process;
    this.#child = child;
    this.#signal = signal;
    this.#killAfter = killAfter;
    this.#span = span;
  }

  async wait(): Promise<number> {
    const process = this.#process;
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"] as const)
      process.on(signal, () => this.#forward(signal));
    if (this.#span > 0) this.#cancel = process.kernel.timer(this.#span, () => this.#over());
    try {
      for (;;) {
        const { change, status } = await process.wait([this.#child]);
        if (change === "exited") return this.#codeOf(status!);
      }
    } finally {
      this.#cancel();
    }
  }

  #over(): void {
    this.#timedOut = true;
    const signal = this.#killed ? "SIGKILL" : this.#signal;
    if (this.#call.has("verbose"))
      void this.#process.error(
        `${this.#call.name}: sending signal ${signal.slice(3)} to command ${this.#call.quote(this.#call.operands[1]!)}\n`,
      );
    this.#send(signal);
    if (signal === "SIGKILL") this.#killed = true;
    else if (this.#killAfter > 0) {
      this.#killed = true;
      this.#cancel = this.#process.kernel.timer(this.#killAfter, () => this.#over());
    }
  }

  #forward(signal: Signal): void {
    this.#send(signal);
  }

  /** To the command and, in a group of its own, to all that it started (src/timeout.c cleanup). */
  #send(signal: Signal): void {
    const { machine } = this.#process;
    machine.signal(this.#child, signal);
    if (!this.#call.has("foreground")) {
      for (const { pid, pgid } of machine.processes())
        if (pgid === this.#process.pid && pid !== this.#process.pid && pid !== this.#child) machine.signal(pid, signal);
    }
    if (signal !== "SIGKILL" && signal !== "SIGCONT") machine.signal(this.#child, "SIGCONT");
    // It is of that group itself, and ignores what it sends there; but nobody ignores SIGKILL.
    if (signal === "SIGKILL" && !this.#call.has("foreground")) machine.signal(this.#process.pid, "SIGKILL");
  }

  #codeOf(status: ExitStatus): number {
    if (!this.#timedOut || this.#call.has("preserve")) return exitCode(status);
    const byKill = "signal" in status && status.signal === "SIGKILL";
    return byKill ? 128 + signalNumber("SIGKILL") : 124;
  }
}
