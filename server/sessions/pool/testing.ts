/** Fakes for tests: workers that follow a script, a log in memory, a viewer that writes down what it hears. */
import type { Report } from "../../../grader/result.ts";
import {
  baseOrder,
  type FromWorker,
  type JournalEntry,
  type LabCatalogue,
  type LabText,
  type ToWorker,
} from "../protocol/index.ts";
import type { Logger } from "./logger.ts";
import type { View, Viewer } from "./pool.ts";
import type { WorkerPort } from "./port.ts";
import type { SessionLog, SessionSource } from "./session-log.ts";

export { FakeClock, settled } from "./testing-clock.ts";

interface FakeTerminal {
  readonly terminal: number;
  cols: number;
  rows: number;
  printed: string;
  ended: number | null;
}

interface FakeSession {
  readonly lab: string;
  readonly seed: number;
  readonly terminals: Map<number, FakeTerminal>;
  opened: number;
  entries: number;
  paused: boolean;
}

/** What inputs do to a fake worker, besides being printed. */
const DEADLY = {
  /** Ends it before the input is in the journal. */
  unheard: "<dies unheard>",
  /** Ends it whenever the input is applied, also in a rebuild. */
  always: "<dies>",
  /** Ends it, but not in a rebuild. */
  once: "<dies once>",
  /** Makes it silent whenever the input is applied. */
  hang: "<hangs>",
};

/** A worker whose terminals print what is typed. Everything it is sent is in `got`. */
export class FakeWorker implements WorkerPort {
  readonly got: ToWorker[] = [];
  readonly sessions = new Map<string, FakeSession>();
  gone = false;
  silent = false;
  /** Sessions that nobody waits for are opened when `finish` is called. */
  slow = false;
  readonly #fleet: Fleet;
  #message: (message: unknown) => void = () => {};
  #exit: (reason: string) => void = () => {};
  #inbox: ToWorker[] = [];
  readonly #later: Extract<ToWorker, { kind: "open" }>[] = [];

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
    if (fleet.warm) this.say({ kind: "warm" });
  }

  post(message: ToWorker): void {
    this.got.push(message);
    this.#inbox.push(message);
    queueMicrotask(() => {
      const next = this.#inbox.shift();
      if (next !== undefined && !this.gone && !this.silent) this.#handle(next);
    });
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#message = listener;
  }

  onExit(listener: (reason: string) => void): void {
    this.#exit = listener;
  }

  terminate(): void {
    this.die("terminated");
  }

  die(reason: string): void {
    if (this.gone) return;
    this.gone = true;
    this.#inbox = [];
    queueMicrotask(() => this.#exit(reason));
  }

  say(message: FromWorker): void {
    queueMicrotask(() => this.#message(message));
  }

  /** Which sessions it was told to build again, in order. */
  get restored(): string[] {
    return this.got.filter((message) => message.kind === "restore").map((message) => message.session);
  }

  /** A program of the session prints, unless the session waits. False if it does. */
  print(session: string, terminal: number, bytes: string): boolean {
    const { paused } = this.sessions.get(session)!;
    if (!paused) this.#print(session, terminal, bytes, 0);
    return !paused;
  }

  end(session: string, terminal: number, status: number): void {
    this.sessions.get(session)!.terminals.get(terminal)!.ended = status;
    this.say({ kind: "ended", session, terminal, status });
  }

  #handle(message: ToWorker): void {
    switch (message.kind) {
      case "ping":
        return this.say({ kind: "pong", request: message.request, sessions: this.sessions.size, heap: 1000 });
      case "catalogue":
        return this.say({ kind: "catalogue", request: message.request, catalogue: this.#fleet.catalogue });
      case "open":
        return this.#open(message);
      case "restore":
        return this.#restore(message);
      case "close":
        return void this.sessions.delete(message.session);
      case "prepare":
        return;
      case "place":
        return this.#place(message);
      case "regrade":
        return this.#regrade(message);
      case "keep-again":
        return this.#keepAgain(message);
      default:
    }
    const session = this.sessions.get(message.session);
    if (session === undefined) {
      const request = "request" in message ? { request: message.request } : {};
      const words = `no session '${message.session}'`;
      return this.say({ kind: "error", ...request, session: message.session, code: "unknown-session", message: words });
    }
    this.#inSession(session, message);
  }

  #inSession(session: FakeSession, message: Extract<ToWorker, { session: string }>): void {
    const { session: id } = message;
    switch (message.kind) {
      case "terminal": {
        const terminal = session.opened + 1;
        const { cols, rows } = message;
        this.#journal(id, { kind: "open", at: this.#fleet.time(), step: 0, terminal, cols, rows });
        if (this.#fleet.diesBeforeAnswer.delete(id)) return this.die("before the answer");
        this.say({
          kind: "terminal",
          request: message.request,
          session: id,
          terminal,
          host: "controlplane",
          user: "root",
        });
        return this.#print(id, terminal, "$ ", 0);
      }
      case "rests": {
        const rests = !this.#fleet.running.has(id);
        return this.say({ kind: "rests", request: message.request, session: id, rests });
      }
      case "input":
        return this.#input(id, message.terminal, message.bytes);
      case "resize": {
        const { terminal, cols, rows } = message;
        this.#journal(id, { kind: "resize", at: this.#fleet.time(), step: 0, terminal, cols, rows });
        return this.say({ kind: "resized", session: id, terminal, cols, rows });
      }
      case "hang-up":
        this.#journal(id, { kind: "close", at: this.#fleet.time(), step: 0, terminal: message.terminal });
        return this.say({ kind: "gone", session: id, terminal: message.terminal });
      case "pause":
      case "resume":
        session.paused = message.kind === "pause";
        return;
      case "screens":
        return this.say({ kind: "screens", request: message.request, session: id, screens: screensOf(session) });
      case "grade":
        if (this.#fleet.ungradable.has(id)) return this.die("graded");
        return this.say({
          kind: "graded",
          request: message.request,
          session: id,
          report: this.#fleet.report(session.lab, session.seed, message.answers, message.hints),
          ...(message.keep === true ? { version: "v1", at: this.#fleet.time() } : {}),
        });
      case "keep":
        if (this.#fleet.unkeepable) return this.die("keeping");
        return this.say({ kind: "kept", request: message.request, kept: keptOf(session.seed) });
      default:
    }
  }

  #place({ request, lab, seed }: Extract<ToWorker, { kind: "place" }>): void {
    const text = this.#fleet.text(lab);
    if (typeof text === "object") return this.say({ kind: "placed", request, lab: { ...text, seed } });
    this.say({ kind: "error", request, code: "unknown-lab", message: `There is no lab '${lab}'.` });
  }

  /** Opens what was slow. */
  finish(): void {
    for (const message of this.#later.splice(0)) this.#open(message);
  }

  #open(message: Extract<ToWorker, { kind: "open" }>): void {
    const { request, session, lab, seed, urgent } = message;
    if (this.slow && !urgent) return void this.#later.push(message);
    if (this.#fleet.unmakable.has(lab)) {
      return this.say({ kind: "error", request, session, code: "bad-lab", message: "Its setup does not work." });
    }
    const text = this.#fleet.text(lab);
    if (text === "dies") return this.die("opening");
    if (text === undefined) {
      return this.say({ kind: "error", request, session, code: "unknown-lab", message: `There is no lab '${lab}'.` });
    }
    this.sessions.set(session, { lab, seed, terminals: new Map(), opened: 0, entries: 0, paused: false });
    this.say({ kind: "opened", request, session, lab: { ...text, seed }, snapshot: new Uint8Array([seed]) });
  }

  #keepAgain({ request, lab, seed, answers, hints }: Extract<ToWorker, { kind: "keep-again" }>): void {
    const report = this.#fleet.report(lab, seed, answers, hints);
    this.say({ kind: "kept", request, kept: keptOf(seed), again: { report, version: "v1" } });
  }

  #regrade({ request, lab, seed, answers }: Extract<ToWorker, { kind: "regrade" }>): void {
    const text = this.#fleet.text(lab);
    if (text === undefined || text === "dies")
      return this.say({ kind: "error", request, code: "unknown-lab", message: `There is no lab '${lab}'.` });
    const report = this.#fleet.report(lab, seed, answers, 0);
    this.say({ kind: "regraded", request, report, lab: { ...text, version: "v2" } });
  }

  #restore({ request, session, lab, seed, journal, delivered }: Extract<ToWorker, { kind: "restore" }>): void {
    const state = { lab, seed, terminals: new Map(), opened: 0, entries: 0, paused: false };
    this.sessions.set(session, state);
    for (const entry of journal) {
      if (!this.#apply(state, entry)) return;
      state.entries++;
      if (entry.kind === "open") this.#print(session, entry.terminal, "$ ", delivered[entry.terminal] ?? 0);
      if (entry.kind === "input")
        this.#print(session, entry.terminal, echo(entry.bytes), delivered[entry.terminal] ?? 0);
    }
    this.say({ kind: "restored", request, session });
    if (this.#fleet.diesSoon.has(session)) setImmediate(() => this.die("soon after"));
  }

  #input(session: string, terminal: number, bytes: string): void {
    if (!this.sessions.get(session)!.terminals.has(terminal)) return;
    if (bytes.includes(DEADLY.unheard)) return this.die("unheard");
    this.sessions.get(session)!.paused = false;
    if (!this.#journal(session, { kind: "input", at: this.#fleet.time(), step: 0, terminal, bytes })) return;
    if (bytes.includes(DEADLY.once)) return this.die("once");
    this.#print(session, terminal, echo(bytes), 0);
  }

  #journal(session: string, entry: JournalEntry): boolean {
    const state = this.sessions.get(session)!;
    this.say({ kind: "journal", session, from: state.entries++, entries: [entry] });
    return this.#apply(state, entry);
  }

  #apply(state: FakeSession, entry: JournalEntry): boolean {
    // A fake session has no cluster.
    if (!("terminal" in entry)) return true;
    const { terminal } = entry;
    if (entry.kind === "open") {
      state.opened = terminal;
      state.terminals.set(terminal, { terminal, cols: entry.cols, rows: entry.rows, printed: "", ended: null });
    } else if (entry.kind === "resize")
      Object.assign(state.terminals.get(terminal)!, { cols: entry.cols, rows: entry.rows });
    else if (entry.kind === "close") state.terminals.delete(terminal);
    else if (entry.bytes.includes(DEADLY.always)) {
      this.die("always");
      return false;
    } else if (entry.bytes.includes(DEADLY.hang)) {
      this.silent = true;
      return false;
    }
    return true;
  }

  #print(session: string, terminal: number, bytes: string, delivered: number): void {
    const state = this.sessions.get(session)!.terminals.get(terminal)!;
    const offset = state.printed.length;
    state.printed += bytes;
    const fresh = bytes.slice(Math.max(0, delivered - offset));
    if (fresh !== "")
      this.say({ kind: "output", session, terminal, offset: Math.max(offset, delivered), bytes: fresh });
  }
}

function echo(bytes: string): string {
  return bytes.replaceAll("\r", "\r\n$ ");
}

function keptOf(seed: number): Extract<FromWorker, { kind: "kept" }>["kept"] {
  return { snapshot: new Uint8Array([seed]), values: {} };
}

function screensOf(session: FakeSession): Extract<FromWorker, { kind: "screens" }>["screens"] {
  return [...session.terminals.values()].map(({ terminal, cols, rows, printed, ended }) => ({
    terminal,
    host: "controlplane",
    user: "root",
    cols,
    rows,
    bytes: printed,
    offset: printed.length,
    ended,
  }));
}

/** All workers that were ever started, the oldest first. */
export class Fleet {
  readonly workers: FakeWorker[] = [];
  /** New workers are warm at once. */
  warm = true;
  readonly labs = new Map<string, LabText | "dies">();
  catalogue: LabCatalogue = { labs: [], exams: [], problems: [] };
  /** Labs whose setup does not work. */
  readonly unmakable = new Set<string>();
  /** Sessions in which a program runs. */
  readonly running = new Set<string>();
  /** Sessions end their worker when they are to be kept. */
  unkeepable = false;
  /** Sessions that end their worker when they are graded. */
  readonly ungradable = new Set<string>();
  /** Sessions that end their worker soon after they were built again. */
  readonly diesSoon = new Set<string>();
  /** Sessions that end their worker when a terminal is open and before that is answered, once. */
  readonly diesBeforeAnswer = new Set<string>();
  report: (lab: string, seed: number, answers: Readonly<Record<string, string>>, hints: number) => Report = fakeReport;
  time: () => number = () => 0;

  /** What a lab says; the base of an exam is there, too. */
  text(lab: string): LabText | "dies" | undefined {
    const base = baseOrder(lab);
    if (!base) return this.labs.get(lab);
    const { host, user } = base;
    return { id: lab, title: "Base", level: "easy", minutes: 1, seed: 1, host, user, tasks: [], explain: "" };
  }

  readonly spawn = (): FakeWorker => {
    const worker = new FakeWorker(this);
    this.workers.push(worker);
    return worker;
  };

  get alive(): FakeWorker[] {
    return this.workers.filter((worker) => !worker.gone);
  }

  /** The worker in which a session lives. */
  of(session: string): FakeWorker {
    return this.alive.find((worker) => worker.sessions.has(session))!;
  }
}

export function fakeReport(
  lab: string,
  seed: number,
  answers: Readonly<Record<string, string>>,
  hints: number,
): Report {
  const score = Math.max(0, Object.keys(answers).length * 2 - hints);
  return { lab, title: lab, seed, score, of: 10, hints, settled: true, results: [] };
}

/** A log that keeps everything in memory. */
export class MemoryLog implements SessionLog {
  readonly sources = new Map<string, SessionSource>();
  /** What terminals have printed, by `session terminal`. */
  readonly prints = new Map<string, string>();

  keep(session: string, lab: string, seed: number, snapshot: Uint8Array): void {
    this.sources.set(session, { lab, seed, snapshot, journal: [], delivered: {} });
  }

  opened(session: string, lab: string, seed: number, snapshot: Uint8Array): void {
    this.keep(session, lab, seed, snapshot);
  }

  journal(session: string, from: number, entries: readonly JournalEntry[]): void {
    const source = this.sources.get(session)!;
    const journal = [...source.journal];
    entries.forEach((entry, index) => (journal[from + index] = entry));
    this.sources.set(session, { ...source, journal });
  }

  output(session: string, terminal: number, offset: number, bytes: string): void {
    const source = this.sources.get(session)!;
    const delivered = { ...source.delivered, [terminal]: offset + bytes.length };
    this.sources.set(session, { ...source, delivered });
    const key = `${session} ${terminal}`;
    this.prints.set(key, (this.prints.get(key) ?? "").slice(0, offset) + bytes);
  }

  printed(session: string, terminal: number, from: number): Promise<string> {
    return Promise.resolve((this.prints.get(`${session} ${terminal}`) ?? "").slice(from));
  }

  source(session: string): Promise<SessionSource | undefined> {
    return Promise.resolve(this.sources.get(session));
  }
}

export class QuietLogger implements Logger {
  readonly lines: string[] = [];
  info(): void {}
  warn(_about: object, message: string): void {
    this.lines.push(message);
  }
  error(about: object, message: string): void {
    this.lines.push(`error: ${message} ${"err" in about ? String(about.err) : ""}`.trim());
  }
}

/** A viewer that writes down what it is told, one line each. Draws at once what it is sent if it has a `view`. */
export class FakeViewer implements Viewer {
  readonly heard: string[] = [];
  view: View | undefined;
  /** Bytes of output. */
  seen = 0;
  /** Don't write down outputs, they are many. */
  quiet = false;

  screens(screens: Parameters<Viewer["screens"]>[0]): void {
    const words = screens.map((screen) => `${screen.terminal}=${JSON.stringify(screen.bytes)}`);
    this.heard.push(["screens", ...words].join(" "));
  }

  output(terminal: number, bytes: string): void {
    this.seen += bytes.length;
    if (!this.quiet) this.heard.push(`output ${terminal} ${JSON.stringify(bytes)}`);
    this.view?.drawn(terminal, bytes.length);
  }

  opened(terminal: number, host: string, user: string, cols: number, rows: number): void {
    this.heard.push(`opened ${terminal} ${user}@${host} ${cols}x${rows}`);
  }

  resized(terminal: number, cols: number, rows: number): void {
    this.heard.push(`resized ${terminal} ${cols}x${rows}`);
  }

  leads(terminal: number, leadsTo: number | undefined): void {
    this.heard.push(`leads ${terminal} ${leadsTo}`);
  }

  ended(terminal: number, status: number): void {
    this.heard.push(`ended ${terminal} ${status}`);
  }

  gone(terminal: number): void {
    this.heard.push(`gone ${terminal}`);
  }

  rebuilding(state: "working" | "making" | "failed", message: string): void {
    const words = { working: "rebuilding", making: "making", failed: `failed: ${message}` };
    this.heard.push(words[state]);
  }

  topology({ machines }: Parameters<Viewer["topology"]>[0]): void {
    this.heard.push(["topology", ...machines.map(({ name }) => name)].join(" "));
  }

  refused(code: string): void {
    this.heard.push(`refused ${code}`);
  }

  /** What it heard since the last time. */
  take(): string[] {
    return this.heard.splice(0);
  }
}
