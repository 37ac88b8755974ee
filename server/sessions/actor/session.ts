import { grade } from "../../../grader/index.ts";
import type { Report } from "../../../grader/index.ts";
import { openLab, type PlacedLab } from "../../../labs/index.ts";
import type { Bytes, JournalEntry, KernelSnapshot, Time, WallTimer } from "../../sim/kernel/index.ts";
import { exitCode, leadElsewhere, type Host, type Tty, type User } from "../../sim/host/index.ts";
import type { World } from "../../sim/world/index.ts";
import { baseOrder, type ApiEvent, type FromWorker, type KeptWorld, type Screen } from "../protocol/index.ts";
import { SessionClock, type Driven } from "./clock.ts";
import { ApiDoor } from "./kubernetes/door.ts";
import { pack } from "./pack.ts";
import { presetWorld } from "./presets.ts";
import { reportBug } from "./report-bug.ts";
import { Refused } from "./refused.ts";
import { isCommandEntry, RemoteCommands } from "./lines/commands.ts";
import { liveAgain } from "./live-again.ts";
import { OutgoingLines } from "./lines/outgoing.ts";
import { SessionTerminal, type Remote } from "./session-terminal.ts";
import { endOf } from "./terminal.ts";
import { withoutAnswers } from "./without-answers.ts";
import { TopologyWatch } from "./topology/index.ts";

const MOST_TERMINALS = 12;
/** Terminals are told apart by a byte on the wire. */
const LAST_TERMINAL = 255;
/** What may wait to be typed into a terminal. */
const MOST_TYPED = 8 * 1024 * 1024;

export interface SessionOptions {
  readonly name: string;
  readonly placed: PlacedLab;
  readonly world: World;
  readonly wall: WallTimer;
  readonly post: (message: FromWorker) => void;
  /** Hears of bugs in the simulation. */
  readonly failed: (error: unknown) => void;
}

/** Something that takes effect when the world is calm, and since when it waits for that. */
interface Action {
  readonly since: Time;
  run(): void;
}

/** One learner's world with its terminals, on the wall clock. What comes of it is posted. */
export class Session implements Driven {
  readonly #options: SessionOptions;
  readonly #world: World;
  readonly #clock: SessionClock;
  readonly #terminals = new Map<number, SessionTerminal>();
  /** Its Kubernetes API, for clients outside. */
  readonly api: ApiDoor;
  #apiEvents: ApiEvent[] = [];
  /** Of a base: its lines to other sessions. */
  readonly lines: OutgoingLines | undefined;
  /** Commands that a base runs here. */
  readonly commands: RemoteCommands;
  /** Its picture, for who has it open. */
  readonly topology: TopologyWatch;
  #actions: Action[] = [];
  #opening = 0;
  /** Number of the journal's first entry that was made here. */
  #journaled = 0;
  #replaying = false;
  /** Bytes of output that need not be sent, by terminal. */
  #delivered: Readonly<Record<string, number>> = {};
  /** Screens are being drawn: what is printed comes behind them. */
  #drawing = 0;
  #closed = false;
  /** As it was graded last. */
  #final: KernelSnapshot | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#world = options.world;
    this.#clock = new SessionClock(options.world.kernel, options.wall, this);
    this.api = new ApiDoor({
      world: options.world,
      wall: options.wall,
      act: (run) => this.#act(run),
      post: (event) => void this.#apiEvents.push(event),
      failed: (error) => this.failed(error),
    });
    const act = (run: () => void): void => this.#act(run);
    const { kernel } = options.world;
    this.commands = new RemoteCommands({
      kernel,
      act,
      login: () => this.#who(),
      onEnd: (number, ended) => endOf(options.world, number, ended),
    });
    if (baseOrder(options.placed.id)) {
      this.lines = new OutgoingLines({
        kernel,
        hosts: options.world.hosts,
        act,
        terminalOf: (tty) => this.terminalOf(tty),
        moved: (terminal) => this.#moved(terminal),
      });
      leadElsewhere(options.world.hosts, this.lines);
    }
    this.topology = new TopologyWatch(options.world, options.wall, (topology) =>
      options.post({ kind: "topology", session: options.name, topology }),
    );
  }

  /** Where its terminals begin. */
  get login(): { readonly host: string; readonly user: string } {
    return this.#options.placed.lab.terminal;
  }

  /** The world follows the wall clock from here on. */
  start(): void {
    // Whoever has it built again knows by now that it is there.
    this.lines?.replayed();
    this.#clock.start();
  }

  /** Plays again what came in before. Output up to `delivered` (bytes by terminal) is not posted again. */
  async replay(
    journal: readonly JournalEntry[],
    delivered: Readonly<Record<string, number>>,
    wanted = (): boolean => true,
  ): Promise<void> {
    this.#replaying = true;
    this.lines?.replaying();
    this.#delivered = delivered;
    for (const entry of journal) {
      await this.#clock.replay(entry.at);
      if (!wanted()) return;
      if (entry.step !== this.#world.kernel.steps)
        reportBug("replay", `${entry.kind} at step ${this.#world.kernel.steps}, not ${entry.step}`);
      this.#again(entry);
    }
    await this.#clock.replay(this.#world.now);
    // A base's output comes over its lines.
    if (!this.lines) await liveAgain(this.#clock, this.#world.kernel, () => this.#owed());
    this.#world.kernel.journal.take();
    this.#journaled = journal.length;
    this.api.replayed();
    await this.#clock.replay(this.#world.now);
    for (const terminal of this.#terminals.values()) terminal.told = terminal.ended !== undefined;
    this.#replaying = false;
    // Screens are drawn from here on, and what comes behind them is missing there, even if somebody had it before.
    this.#delivered = {};
  }

  /** Bytes that were delivered and not printed again yet. */
  #owed(): number {
    let owed = 0;
    for (const { number, printed } of this.#terminals.values())
      owed += Math.max(0, (this.#delivered[number] ?? 0) - printed);
    return owed;
  }

  /** Plays the next entry of a journal again, for who looks at a session and does not go on with it. */
  async replayNext(entry: JournalEntry): Promise<void> {
    this.#again(entry);
    await this.replayTo(this.#world.now);
  }

  /** Lets simulated time pass until `at`, as quickly as it can. */
  async replayTo(at: Time): Promise<void> {
    this.#replaying = true;
    this.lines?.replaying();
    await this.#clock.replay(at);
    this.#world.kernel.journal.take();
  }

  /** The number of the terminal that this is the line of; undefined if it is one of a machine behind it (ssh). */
  terminalOf(tty: Tty): number | undefined {
    for (const terminal of this.#terminals.values()) if (terminal.hasLine(tty)) return terminal.number;
    return undefined;
  }

  /** Bytes that a terminal has printed; null if it is gone. */
  printed(number: number): number | null {
    return this.#terminals.get(number)?.printed ?? null;
  }

  #again(entry: JournalEntry): void {
    if (entry.kind === "open") {
      try {
        this.#open(entry.cols, entry.rows, entry);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
      }
      return;
    }
    if (entry.kind === "heard") return this.lines?.replay(entry.line, entry.answer);
    if (isCommandEntry(entry)) return this.commands.enter(entry);
    if (!("terminal" in entry)) return this.api.replay(entry);
    const terminal = this.#terminals.get(entry.terminal);
    if (!terminal) return;
    if (entry.kind === "input") terminal.retype(entry.bytes);
    else if (entry.kind === "resize") terminal.resize(entry.cols, entry.rows);
    else this.#hangUp(terminal);
  }

  /** It has caught up with the wall clock, and nothing that came in waits. */
  get resting(): boolean {
    return this.#clock.resting && this.#drawing === 0;
  }

  // What comes in

  /** Opens a terminal; `opened` hears its number when it is there, or why not. A line has one terminal at most. */
  terminal(cols: number, rows: number, remote: Remote, opened: (result: number | Refused) => void): void {
    const known = [...this.#terminals.values()].find(({ line }) => line !== undefined && line === remote.line);
    if (known) return opened(known.number);
    if (this.#terminals.size + this.#opening >= MOST_TERMINALS)
      return opened(
        new Refused("too-many-terminals", `A session has at most ${MOST_TERMINALS} terminals: close one first.`),
      );
    this.#opening++;
    this.#act(() => {
      this.#opening--;
      let result: number | Refused;
      try {
        result = this.#open(cols, rows, remote);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        result = error;
      }
      this.#postJournal();
      opened(result);
    });
  }

  /** Throws Refused if too much is waiting already. */
  input(number: number, bytes: Bytes): void {
    const terminal = this.#terminals.get(number);
    if (!terminal) return;
    if (terminal.backlog + bytes.length > MOST_TYPED)
      throw new Refused(
        "input-too-large",
        `This input was not typed: at most ${MOST_TYPED / 1024 / 1024} MB may wait for a terminal to read them.`,
      );
    terminal.type(bytes, this.#options.wall.now());
    this.#clock.resume();
  }

  resize(number: number, cols: number, rows: number): void {
    this.#act(() => {
      const terminal = this.#terminals.get(number);
      if (!terminal || (terminal.screen.cols === cols && terminal.screen.rows === rows)) return;
      this.#post(terminal);
      terminal.resize(cols, rows);
      this.#options.post({ kind: "resized", session: this.#options.name, terminal: number, cols, rows });
    });
  }

  hangUp(number: number): void {
    this.#act(() => {
      const terminal = this.#terminals.get(number);
      if (!terminal) return;
      this.#hangUp(terminal);
      this.#postJournal();
      this.#options.post({ kind: "gone", session: this.#options.name, terminal: number });
    });
  }

  /** Every terminal's foreground waits for what is typed, and no command runs for a line. */
  get rests(): boolean {
    const waits = this.#terminals.values().every(({ ended, backlog, waitingFor }) => ended || (backlog === 0 && waitingFor)); // prettier-ignore
    return waits && this.commands.size === 0;
  }

  pause(): void {
    this.#clock.pause();
  }

  resume(): void {
    this.#clock.resume();
  }

  /** What all terminals show. What they print from the call on is posted after `done` has heard it. */
  async screens(done: (screens: Screen[]) => void): Promise<void> {
    this.rested();
    this.#drawing++;
    try {
      const screens: Screen[] = [];
      const { host, user } = this.#options.placed.lab.terminal;
      for (const { number, screen, printed, ended } of this.#terminals.values())
        screens.push({
          terminal: number,
          host,
          user,
          cols: screen.cols,
          rows: screen.rows,
          bytes: await screen.render(),
          offset: printed,
          ended: ended ? exitCode(ended) : null,
          ...this.#leads(number),
        });
      if (!this.#closed) done(screens);
    } finally {
      this.#drawing--;
      this.rested();
      this.#clock.poke();
    }
  }

  /** Grades a fork of the world, for who goes on working; nothing happens in the world itself. */
  async check(answers: Readonly<Record<string, string>>, hints: number): Promise<Report> {
    return withoutAnswers(await this.#grade(answers, hints), this.#options.placed.lab);
  }

  #grade(answers: Readonly<Record<string, string>>, hints: number): Promise<Report> {
    const { placed } = this.#options;
    const opened = async (): Promise<World> => openLab(placed, await presetWorld(placed.lab.preset));
    return grade(this.#world, placed.lab, { answers, hints, opened });
  }

  /** Grades it as it ends: what it is at this moment can be kept afterwards. The report, and the world's time. */
  async finish(answers: Readonly<Record<string, string>>, hints: number): Promise<{ report: Report; at: Time }> {
    if (!this.#replaying) this.#postJournal();
    this.#final = this.#world.snapshot();
    const at = this.#world.now;
    return { report: await this.#grade(answers, hints), at };
  }

  /** Its world as it was graded last, and what was drawn for it: to grade it again some day. Throws Refused. */
  async keep(): Promise<KeptWorld> {
    if (!this.#final) throw new Refused("internal", `The session '${this.#options.name}' was not graded as it ended.`);
    return { snapshot: await pack(this.#final), values: { ...this.#options.placed.values } };
  }

  /** Of the lab's files with which it is graded. */
  get version(): string {
    return this.#options.placed.source.version;
  }

  /** Nothing of it is left. */
  close(): void {
    this.#closed = true;
    this.#clock.close();
    this.api.close();
    this.topology.close();
    this.#actions = [];
    this.#terminals.clear();
  }

  /** Of a base's terminal that leads to the host of a part. */
  #leads(terminal: number): { readonly leadsTo?: number } {
    const leadsTo = this.lines?.leadsTo(terminal);
    return leadsTo === undefined ? {} : { leadsTo };
  }

  #moved(terminal: number): void {
    this.#options.post({ kind: "leads", session: this.#options.name, terminal, ...this.#leads(terminal) });
  }

  #act(run: () => void): void {
    this.#actions.push({ since: this.#options.wall.now(), run });
    this.#clock.resume();
  }

  #who(): { readonly host: Host; readonly user: User } {
    const { host: name, user: userName } = this.login;
    const { host } = this.#world.hosts.machine(name);
    const user = host.users.byName(userName);
    if (!user) throw new Refused("internal", `Nobody can log in: ${name} has no user ${userName} any more.`);
    return { host, user };
  }

  #open(cols: number, rows: number, { line, command }: Remote): number {
    const { host, user } = this.#who();
    const remote = { ...(line === undefined ? {} : { line }), ...(command === undefined ? {} : { command }) };
    let terminal: SessionTerminal;
    try {
      terminal = new SessionTerminal(this.#world, host, user, cols, rows, remote);
    } catch (error) {
      const { machine } = host;
      throw new Refused("internal", `The shell of ${user.name} on ${machine.name} does not start: ${String(error)}`);
    }
    if (terminal.number > LAST_TERMINAL) {
      terminal.hangUp();
      throw new Refused("too-many-terminals", `This session has had ${LAST_TERMINAL} terminals: it can have no more.`);
    }
    this.#terminals.set(terminal.number, terminal);
    if (command !== undefined) terminal.tellCommand(host, command);
    return terminal.number;
  }

  #hangUp(terminal: SessionTerminal): void {
    terminal.hangUp();
    this.#terminals.delete(terminal.number);
  }

  // Driven by the clock

  get waitingSince(): Time | undefined {
    if (this.#drawing > 0) return undefined;
    let since = this.#actions[0]?.since;
    for (const { waitingSince } of this.#terminals.values())
      if (waitingSince !== undefined && (since === undefined || waitingSince < since)) since = waitingSince;
    return since;
  }

  apply(): void {
    let first: SessionTerminal | undefined;
    for (const terminal of this.#terminals.values())
      if (terminal.waitingSince !== undefined && (!first || terminal.waitingSince < first.waitingSince!))
        first = terminal;
    const action = this.#actions[0];
    if (action && (!first || action.since <= first.waitingSince!)) {
      this.#actions.shift();
      action.run();
    } else first?.apply(this.#options.wall.now());
  }

  rested(): void {
    if (this.#drawing > 0 || this.#closed) return;
    if (!this.#replaying) this.#postJournal();
    for (const terminal of this.#terminals.values()) this.#post(terminal);
    this.topology.look();
    if (!this.#replaying) this.#postLines();
    if (this.#apiEvents.length === 0) return;
    this.#options.post({ kind: "api", session: this.#options.name, events: this.#apiEvents });
    this.#apiEvents = [];
  }

  failed(error: unknown): void {
    this.#options.failed(error);
  }

  /** Behind the journal: what is said over a line is not said again when the session is built again. */
  #postLines(): void {
    const { name: session, post } = this.#options;
    for (const { line, call } of this.lines?.take() ?? []) post({ kind: "line", session, line, call });
    for (const said of this.commands.take()) post({ session, ...said });
  }

  #postJournal(): void {
    const { entries } = this.#world.kernel.journal.take();
    if (entries.length === 0) return;
    const { name: session, post } = this.#options;
    post({ kind: "journal", session, from: this.#journaled, entries: [...entries] });
    this.#journaled += entries.length;
  }

  /** Posts what a terminal has printed, and that it has ended. */
  #post(terminal: SessionTerminal): void {
    const { name: session, post } = this.#options;
    const { number } = terminal;
    const from = terminal.printed;
    const bytes = terminal.takeOutput();
    const known = Math.max(0, (this.#delivered[number] ?? 0) - from);
    if (bytes.length > known)
      post({ kind: "output", session, terminal: number, offset: from + known, bytes: bytes.slice(known) });
    if (terminal.ended && !terminal.told && !this.#replaying) {
      terminal.told = true;
      post({ kind: "ended", session, terminal: number, status: exitCode(terminal.ended) });
    }
  }
}
