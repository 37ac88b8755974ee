import { decode, encode, SECOND } from "../../sim/kernel/index.ts";
import { exitCode, MemoryOutput, ROOT, type Host, type User } from "../../sim/host/index.ts";
import { Detached } from "../../sessions/actor/detached.ts";
import { Terminal } from "../../sessions/actor/terminal.ts";
import type { World } from "../../sim/world/index.ts";
import type { Pacing } from "./pacing.ts";
import type { Part } from "./parts.ts";
import { TranscriptPlayer, type Transcript } from "./transcript.ts";

/** What came of one part (CONTRACT.md, exec). */
export interface PartResult {
  readonly part: number;
  readonly cmd: string;
  readonly exitCode: number | null;
  /** The program that waits for terminal input, if the part ended so. */
  readonly waiting: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly simMs: number;
  readonly wallMs: number;
}

export interface DriverOptions {
  readonly host: Host;
  readonly user: User;
  /** With a size, stdout carries the bytes of a real terminal; without, stdout and stderr are captured apart. */
  readonly size?: { readonly cols: number; readonly rows: number };
}

const OUTPUT_LIMIT = 64 * 1024 * 1024;

/** Plays the parts of an `exec` in one world: lines into one interactive login shell, scripts beside it. */
export class Driver {
  readonly #world: World;
  readonly #pacing: Pacing;
  readonly #options: DriverOptions;
  readonly #stdout = new MemoryOutput(OUTPUT_LIMIT);
  readonly #stderr = new MemoryOutput(OUTPUT_LIMIT);
  #terminal: Terminal | undefined;
  #player: TranscriptPlayer | undefined;
  #parts = 0;

  constructor(world: World, pacing: Pacing, options: DriverOptions) {
    this.#world = world;
    this.#pacing = pacing;
    this.#options = options;
  }

  async play(part: Part): Promise<PartResult> {
    const { kernel } = this.#world;
    const [sim, wall] = [kernel.now, performance.now()];
    const end = await this.#run(part);
    return {
      part: ++this.#parts,
      cmd: part.cmd,
      exitCode: end.exitCode,
      waiting: end.waiting,
      stdout: decode(this.#stdout.take()),
      stderr: decode(this.#stderr.take()) + (end.note === undefined ? "" : `drydock: ${end.note}\n`),
      simMs: Math.round((kernel.now - sim) / 1000),
      wallMs: Math.round((performance.now() - wall) * 1000) / 1000,
    };
  }

  #run(part: Part): Promise<{ exitCode: number | null; waiting: string | null; note?: string }> {
    if (part.kind === "line") return this.#line(part.cmd);
    return part.kind === "script" ? this.#runScript(part.name, part.text) : this.#runTranscript(part.transcript);
  }

  async #runTranscript(transcript: Transcript): Promise<{ exitCode: number; waiting: null }> {
    this.#player ??= new TranscriptPlayer(this.#world, this.#pacing, this.#options.host);
    const { text, status } = await this.#player.play(transcript);
    this.#stdout.writeNow(encode(text));
    return { exitCode: status, waiting: null };
  }

  /** After the last part: Ctrl-D, and the line is cut. What the shell still says. */
  async end(): Promise<{ stdout: string; stderr: string }> {
    const terminal = this.#terminal;
    if (terminal && !terminal.ended) {
      terminal.type("\x04");
      await this.#pacing.until(
        () => terminal.ended !== undefined || terminal.waitingFor !== undefined,
        this.#world.kernel.now + 10 * SECOND,
      );
      terminal.hangUp();
      // The end of the shell is an event, too: whoever forks the world afterwards must not find it.
      await this.#pacing.until(() => false, this.#world.kernel.now);
    }
    return { stdout: decode(this.#stdout.take()), stderr: decode(this.#stderr.take()) };
  }

  async #line(cmd: string): Promise<{ exitCode: number | null; waiting: string | null; note?: string }> {
    const terminal = await this.#open();
    if (terminal.ended) return { exitCode: null, waiting: null, note: "the shell has ended; this part was not typed" };
    const { kernel } = this.#world;
    const { partTime, partSteps } = kernel.limits;
    const [time, steps] = [kernel.now + partTime, kernel.steps + partSteps];
    const atRest = (): boolean => terminal.ended !== undefined || terminal.waitingFor !== undefined;
    let rest = `${cmd}\n`;
    let overtime = false;
    while (rest !== "" && !overtime) {
      const taken = terminal.type(rest);
      rest = decode(encode(rest).slice(taken));
      await this.#pacing.until(() => atRest() || kernel.steps > steps, time);
      overtime = !atRest();
    }
    const note = overtime ? await this.#interrupt(terminal, kernel.steps > steps) : undefined;
    return { ...this.#outcome(terminal), ...(note === undefined ? {} : { note }) };
  }

  #outcome(terminal: Terminal): { exitCode: number | null; waiting: string | null } {
    if (terminal.ended) return { exitCode: exitCode(terminal.ended), waiting: null };
    const waiting = terminal.waitingFor;
    if (waiting?.what === "command") return { exitCode: waiting.status, waiting: null };
    return { exitCode: null, waiting: waiting?.program ?? null };
  }

  /** Ends a part that does not end: Ctrl-C as a person would, and if that does not help, the hard way. */
  async #interrupt(terminal: Terminal, busy: boolean): Promise<string> {
    const { kernel } = this.#world;
    const { partTime, partSteps } = kernel.limits;
    const atRest = (): boolean => terminal.ended !== undefined || terminal.waitingFor !== undefined;
    for (const key of ["\x03", "\x1c"]) {
      terminal.type(key);
      if (await this.#pacing.until(atRest, kernel.now + 5 * SECOND)) break;
    }
    if (!atRest()) {
      const { foreground } = terminal.tty;
      foreground?.machine.signalGroup(foreground.pgid, "SIGKILL");
      await this.#pacing.until(atRest, kernel.now + 5 * SECOND);
    }
    return busy
      ? `interrupted after ${partSteps} steps of the shell`
      : `interrupted after ${partTime / SECOND} simulated seconds`;
  }

  async #open(): Promise<Terminal> {
    if (this.#terminal) return this.#terminal;
    const { host, user, size } = this.#options;
    const terminal = new Terminal(this.#world, host, user, {
      cols: size?.cols ?? 80,
      rows: size?.rows ?? 24,
      display: size ? (bytes) => this.#stdout.writeNow(bytes) : () => {},
      ...(size ? {} : { stdout: this.#stdout, stderr: this.#stderr }),
    });
    this.#terminal = terminal;
    await this.#pacing.until(
      () => terminal.ended !== undefined || terminal.waitingFor !== undefined,
      this.#world.kernel.now + 60 * SECOND,
    );
    return terminal;
  }

  async #runScript(name: string, text: string): Promise<{ exitCode: number | null; waiting: null; note?: string }> {
    const { host, user } = this.#options;
    const { kernel } = this.#world;
    const path = `/tmp/${name}`;
    host.files.write(path, text, { mode: 0o755 }, { ...ROOT, umask: 0 });
    const script = new Detached(this.#world, host, user, [path], { stdout: this.#stdout, stderr: this.#stderr });
    const steps = kernel.steps + kernel.limits.partSteps;
    await this.#pacing.until(
      () => script.ended !== undefined || kernel.steps > steps,
      kernel.now + kernel.limits.partTime,
    );
    if (script.ended) return { exitCode: exitCode(script.ended), waiting: null };
    script.kill();
    return { exitCode: 137, waiting: null, note: `${name} did not end: killed` };
  }
}
