import type { EnteredAnswer, Kernel } from "../../../sim/kernel/index.ts";
import { Line, type Call, type Elsewhere, type Hosts, type Tty } from "../../../sim/host/index.ts";
import { hostNumber, TASKS_MACHINE } from "../../../sim/presets/index.ts";
import type { LineAnswer, LineCall } from "../../protocol/index.ts";

/**
 * So much output of lines is kept in a base's journal; what comes beyond it is cut to its end. A command without a terminal,
 * whose output may be a file, is ended instead.
 */
const MOST_KEPT = 16 * 1024 * 1024;
const END = 4096;

export interface OutgoingTools {
  readonly kernel: Kernel;
  readonly hosts: Hosts;
  /** Lets something take effect at the next moment of calm. */
  readonly act: (run: () => void) => void;
  /** The number of a terminal of the session. */
  readonly terminalOf: (tty: Tty) => number | undefined;
  /** A terminal of the session leads elsewhere than before. */
  readonly moved: (terminal: number) => void;
}

interface Outgoing {
  readonly part: number;
  readonly line: Line;
  /** It runs a command without a terminal. */
  readonly bare: boolean;
  /** The terminal of the base that it was called from. */
  readonly from: number | null;
  terminal: number | null;
  /** Bytes of output that have come. */
  received: number;
  /** What has come and did not take effect yet. */
  waiting: { stream: 1 | 2; bytes: string } | undefined;
}

/**
 * The lines that a base's `ssh` opens to the sessions of an exam's parts. What they say is posted behind the journal; what
 * comes over them takes effect in moments of calm and is journaled, so that a base is played again without the others.
 */
export class OutgoingLines implements Elsewhere {
  readonly machine = TASKS_MACHINE;
  readonly #tools: OutgoingTools;
  readonly #lines = new Map<number, Outgoing>();
  #calls: { readonly line: number; readonly call: LineCall }[] = [];
  #numbers = 0;
  #kept = 0;
  #replaying = false;

  constructor(tools: OutgoingTools) {
    this.#tools = tools;
  }

  call({ address, command, tty }: Call): Line {
    const number = ++this.#numbers;
    const part = hostNumber(address);
    const from = (tty && this.#tools.terminalOf(tty)) ?? null;
    const line = new Line({
      send: (bytes) => this.#say(number, { type: "input", bytes }),
      end: () => this.#say(number, { type: "end" }),
      resize: (cols, rows) => this.#say(number, { type: "resize", cols, rows }),
      taken: (bytes) => this.#say(number, { type: "taken", bytes }),
      cut: () => {
        this.#say(number, { type: "cut" });
        this.#forget(number);
      },
    });
    this.#lines.set(number, {
      part,
      line,
      bare: tty === undefined,
      from,
      terminal: null,
      received: 0,
      waiting: undefined,
    });
    const size = tty && { cols: tty.cols, rows: tty.rows };
    this.#say(number, { type: "open", part, ...(command === undefined ? {} : { command }), ...(size ? { size } : {}) });
    return line;
  }

  /** The part on whose host a terminal of the session is; undefined: on none. */
  leadsTo(terminal: number): number | undefined {
    return this.#lines.values().find((line) => line.from === terminal && line.terminal !== null)?.part;
  }

  /** What was said since the last call. */
  take(): readonly { readonly line: number; readonly call: LineCall }[] {
    if (this.#calls.length === 0) return [];
    const calls = this.#calls;
    this.#calls = [];
    return calls;
  }

  /** Something came over a line. */
  hear(number: number, answer: LineAnswer): void {
    const outgoing = this.#lines.get(number);
    if (!outgoing) return;
    if (answer.type === "output") return this.#output(number, outgoing, answer);
    const { act } = this.#tools;
    if (answer.type === "opened") return act(() => this.#enter(number, { ...answer, from: outgoing.from }));
    if (answer.type !== "skip") return act(() => this.#enter(number, answer));
    const bytes = answer.offset - outgoing.received;
    if (bytes <= 0) return;
    outgoing.received = answer.offset;
    act(() => this.#enter(number, { type: "left-out", bytes }));
  }

  /** The other end was built again, or there may be a hole. */
  sync(number: number): void {
    const outgoing = this.#lines.get(number);
    if (!outgoing) return;
    const { part, terminal, received } = outgoing;
    this.#say(number, { type: "again", part, terminal, received });
    this.#tools.act(() => {});
  }

  /** Plays an entry of the journal again. */
  replay(number: number, answer: EnteredAnswer): void {
    const outgoing = this.#lines.get(number);
    if (!outgoing) return;
    if (answer.type === "output" || answer.type === "left-out")
      outgoing.received += typeof answer.bytes === "string" ? answer.bytes.length : answer.bytes;
    this.#takeEffect(number, outgoing, answer);
  }

  replaying(): void {
    this.#replaying = true;
  }

  /** From here on it is true: what is open is taken up again. */
  replayed(): void {
    this.#replaying = false;
    for (const number of this.#lines.keys()) this.sync(number);
  }

  #output(
    number: number,
    outgoing: Outgoing,
    { stream, offset, bytes }: Extract<LineAnswer, { type: "output" }>,
  ): void {
    if (offset > outgoing.received) return this.sync(number);
    const fresh = bytes.slice(outgoing.received - offset);
    if (fresh === "") return;
    outgoing.received += fresh.length;
    if (outgoing.waiting?.stream === stream) {
      outgoing.waiting.bytes += fresh;
      return;
    }
    const waiting = { stream, bytes: fresh };
    outgoing.waiting = waiting;
    this.#tools.act(() => {
      if (outgoing.waiting === waiting) outgoing.waiting = undefined;
      this.#keep(number, waiting);
    });
  }

  #keep(number: number, { stream, bytes }: { readonly stream: 1 | 2; readonly bytes: string }): void {
    const end = this.#kept + bytes.length > MOST_KEPT ? bytes.slice(-END) : bytes;
    if (end.length < bytes.length && this.#lines.get(number)?.bare) return this.#refuse(number);
    if (end.length < bytes.length) this.#enter(number, { type: "left-out", bytes: bytes.length - end.length });
    this.#enter(number, { type: "output", stream, bytes: end });
  }

  #refuse(number: number): void {
    this.#say(number, { type: "cut" });
    const message = `${MOST_KEPT / 1024 / 1024} MB have come over ssh in this exam: nothing larger than ${END / 1024} kB is passed on any more`;
    this.#enter(number, { type: "refused", message });
  }

  #enter(number: number, answer: EnteredAnswer): void {
    const outgoing = this.#lines.get(number);
    if (!outgoing) return;
    this.#tools.kernel.journal.add({ kind: "heard", line: number, answer });
    this.#takeEffect(number, outgoing, answer);
  }

  #takeEffect(number: number, outgoing: Outgoing, answer: EnteredAnswer): void {
    const { line } = outgoing;
    switch (answer.type) {
      case "opened":
        outgoing.terminal = answer.terminal;
        return this.#moved(outgoing);
      case "output":
        this.#kept += answer.bytes.length;
        return line.hear({ kind: "output", stream: answer.stream, bytes: answer.bytes });
      case "left-out":
        this.#say(number, { type: "taken", bytes: answer.bytes });
        return line.hear({
          kind: "output",
          stream: 1,
          bytes: `\r\n[drydock: ${answer.bytes} bytes of output are left out: there was too much of it]\r\n`,
        });
      default:
        this.#forget(number);
        if (answer.type === "ended") line.hear({ kind: "ended", status: answer.status });
        else if (answer.type === "refused") line.hear({ kind: "refused", message: answer.message });
        else line.hear({ kind: "lost" });
    }
  }

  #forget(number: number): void {
    const outgoing = this.#lines.get(number);
    this.#lines.delete(number);
    if (outgoing) this.#moved(outgoing);
  }

  #moved({ from }: Outgoing): void {
    if (from !== null && !this.#replaying) this.#tools.moved(from);
  }

  #say(line: number, call: LineCall): void {
    if (this.#replaying) return;
    this.#calls.push({ line, call });
  }
}
