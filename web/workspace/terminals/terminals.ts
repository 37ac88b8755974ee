import type { ToBrowser } from "../../../server/sessions/protocol/socket.ts";
import type { Topology } from "../../../server/sessions/protocol/topology.ts";
import { Connection, type ConnectionState, fromBase64, type Timers } from "../connection/index.ts";
import type { OpenWire } from "../connection/wire.ts";
import { addTab, EMPTY, focus, type Layout, reconcile, share, split, type Split, without } from "../layout/layout.ts";
import { type Size, SizeLead } from "./size.ts";

/** What draws a terminal: xterm in a browser. */
export interface Screen {
  write(bytes: Uint8Array, drawn: () => void): void;
  /** Draws on an empty terminal of that size, whatever was there; then it takes its own size again. */
  replace(bytes: Uint8Array, size: Size): void;
  resize(size: Size): void;
  dispose(): void;
}

export interface TerminalRow {
  readonly terminal: number;
  readonly host: string;
  readonly user: string;
  readonly size: Size;
  /** Drawn in another browser's size. */
  readonly follows: boolean;
  /** The shell's exit status, once it has ended. */
  readonly ended: number | null;
  /** In an exam's base: the part on whose host it is by ssh. */
  readonly leadsTo: number | undefined;
}

export interface PartTerminals {
  /** `waiting` for the first screens; `here`; `making`; `rebuilding`; `failed`: the cluster could not be built (again). */
  readonly state: "waiting" | "here" | "making" | "rebuilding" | "failed";
  readonly message: string;
  readonly terminals: readonly TerminalRow[];
  readonly layout: Layout;
}

export interface TerminalsState {
  readonly connection: ConnectionState;
  readonly parts: ReadonlyMap<number, PartTerminals>;
  /** Milliseconds there and back; undefined before the first measure. */
  readonly roundTrip: number | undefined;
  /** Something was typed and not sent. */
  readonly unsent: boolean;
  /** Of the parts whose topology is open. */
  readonly topologies: ReadonlyMap<number, Topology>;
  /** Words of the server if it cannot store at the moment. */
  readonly storage: string | undefined;
}

export interface TerminalsPorts<S extends Screen> {
  readonly openWire: OpenWire;
  readonly timers: Timers;
  readonly makeScreen: (part: number, terminal: number, size: Size) => S;
  readonly keepLayout: (part: number, layout: Layout) => void;
  readonly keptLayout: (part: number) => Layout;
  /** The server's clock, and that something of the attempt changed. */
  readonly clock: (serverNow: number, at: number, doubt: number) => void;
  readonly changed: (what: Extract<ToBrowser, { type: "changed" }>["what"]) => void;
  /** The line is open, at first or again. */
  readonly opened: (again: boolean) => void;
  /** Something was not done, in words. */
  readonly refused: (words: string) => void;
}

/** Where a terminal that is being opened is to appear. */
type Wish = { readonly beside: number; readonly to: Split["to"] } | "tab";

const WAITING: PartTerminals = { state: "waiting", message: "", terminals: [], layout: EMPTY };

/** All terminals of an attempt as this browser shows them: the server's list and contents, and their layout here. */
export class Terminals<S extends Screen> {
  readonly connection: Connection;
  readonly #ports: TerminalsPorts<S>;
  readonly #screens = new Map<string, { readonly screen: S; readonly lead: SizeLead }>();
  readonly #wishes = new Map<number, Wish[]>();
  readonly #listeners = new Set<() => void>();
  readonly #asked = new Set<number>();
  readonly #pictured = new Set<number>();
  /** Parts as an earlier line showed them: this one does not know their terminals until their screens have come. */
  readonly #stale = new Set<number>();
  #wasOpen = false;
  #state: TerminalsState = {
    connection: { is: "connecting" },
    parts: new Map(),
    roundTrip: undefined,
    unsent: false,
    topologies: new Map(),
    storage: undefined,
  };

  constructor(ports: TerminalsPorts<S>) {
    this.#ports = ports;
    this.connection = new Connection(ports.openWire, ports.timers, {
      state: (connection) => this.#connected(connection),
      message: (message) => this.#message(message),
      output: (part, terminal, bytes, drawn) => {
        const known = this.#screens.get(key(part, terminal));
        if (known) known.screen.write(bytes, drawn);
        else drawn();
      },
      roundTrip: (ms, serverNow, at) => {
        this.#become({ roundTrip: ms });
        ports.clock(serverNow, at, ms / 2);
      },
    });
  }

  get state(): TerminalsState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  part(part: number): PartTerminals {
    return this.#state.parts.get(part) ?? WAITING;
  }

  screen(part: number, terminal: number): S | undefined {
    return this.#screens.get(key(part, terminal))?.screen;
  }

  /** All screens there are. */
  screens(): S[] {
    return [...this.#screens.values()].map(({ screen }) => screen);
  }

  /** The part is shown: its terminals are wanted from now on. */
  show(part: number): void {
    this.#asked.add(part);
    this.connection.attach(part);
  }

  /** Asks for the screens of a part again, after a failure. */
  retry(part: number): void {
    this.#set(part, { state: "waiting", message: "" });
    this.connection.send({ type: "attach", part });
  }

  /** Wants the part's topology, for as long as what is returned is not called. */
  watchTopology(part: number): () => void {
    this.#pictured.add(part);
    // Otherwise it is asked for when the part's screens have come.
    if (this.#isHere(part)) this.connection.send({ type: "topology", part, on: true });
    return () => {
      this.#pictured.delete(part);
      this.connection.send({ type: "topology", part, on: false });
      this.#become({ topologies: new Map([...this.#state.topologies].filter(([other]) => other !== part)) });
    };
  }

  type(part: number, terminal: number, bytes: Uint8Array): void {
    if (this.part(part).terminals.find((row) => row.terminal === terminal)?.ended != null) return;
    const sent = this.#isHere(part) && this.connection.input(part, terminal, bytes);
    if (sent) this.#claim(part, terminal, true);
    if (sent === this.#state.unsent) this.#become({ unsent: !sent });
  }

  /** Somebody works in this terminal: its pane decides its size from now on, and so do the others that are shown here. */
  focused(part: number, terminal: number): void {
    this.#lay(part, (layout) => focus(layout, terminal));
    for (const row of this.part(part).terminals) this.#claim(part, row.terminal, false);
  }

  /** What a terminal's pane has room for. */
  room(part: number, terminal: number, size: Size): void {
    const known = this.#screens.get(key(part, terminal));
    if (known?.lead.room(size)) known.screen.resize(known.lead.size);
    this.#sized(part, terminal);
  }

  hidden(part: number, terminal: number): void {
    this.#screens.get(key(part, terminal))?.lead.hidden();
  }

  /** Asks for a terminal, in a tab or beside another. False: the line is down. */
  open(part: number, size: Size, wish: Wish = "tab"): boolean {
    const sent = this.connection.send({ type: "open", part, ...size });
    if (sent) this.#wishes.set(part, [...(this.#wishes.get(part) ?? []), wish]);
    return sent;
  }

  close(part: number, terminal: number): boolean {
    return this.#isHere(part) && this.connection.send({ type: "close", part, terminal });
  }

  /** Moves the bar of a split. */
  share(part: number, at: Split, percent: number): void {
    this.#lay(part, (layout) => share(layout, at, percent));
  }

  /** Ends everything: the line, the screens. */
  end(): void {
    this.connection.close();
    for (const { screen } of this.#screens.values()) screen.dispose();
    this.#screens.clear();
    this.#listeners.clear();
  }

  #connected(connection: ConnectionState): void {
    this.#wishes.clear();
    for (const part of this.#state.parts.keys()) this.#stale.add(part);
    this.#become(connection.is === "open" ? { connection, unsent: false } : { connection, roundTrip: undefined });
    if (connection.is !== "open") return;
    this.#ports.opened(this.#wasOpen);
    this.#wasOpen = true;
  }

  #message(message: ToBrowser): void {
    switch (message.type) {
      case "screens":
        return this.#screensCame(message);
      case "opened":
        return this.#opened(message);
      case "resized": {
        const known = this.#screens.get(key(message.part, message.terminal));
        known?.lead.told({ cols: message.cols, rows: message.rows }, this.#ports.timers.now());
        known?.screen.resize(known.lead.size);
        return this.#sized(message.part, message.terminal);
      }
      case "leads":
        return this.#row(message.part, message.terminal, { leadsTo: message.leadsTo });
      case "ended":
        this.#screens.get(key(message.part, message.terminal))?.lead.end();
        return this.#row(message.part, message.terminal, { ended: message.status });
      case "closed":
        return this.#closed(message.part, message.terminal);
      case "rebuilding":
        return this.#set(message.part, {
          state: message.state === "working" ? "rebuilding" : message.state,
          message: message.message,
        });
      case "topology":
        if (!this.#pictured.has(message.part)) return;
        return this.#become({ topologies: new Map(this.#state.topologies).set(message.part, message.topology) });
      case "changed":
        return this.#ports.changed(message.what);
      case "error":
        return this.#refused(message.message);
      case "storage":
        return this.#become({ storage: message.ok ? undefined : message.message });
      case "pong":
        return;
    }
  }

  /** Errors do not name what they are about: a part that waits for its screens may be what could not be shown. */
  #refused(message: string): void {
    this.#wishes.clear();
    const waiting = [...this.#asked].filter((part) => this.#stale.has(part) || this.part(part).state === "waiting");
    for (const part of waiting) this.#set(part, { state: "failed", message });
    if (waiting.length === 0) this.#ports.refused(message);
  }

  #screensCame({ part, terminals }: Extract<ToBrowser, { type: "screens" }>): void {
    this.#stale.delete(part);
    const before = this.#state.parts.get(part);
    const numbers = terminals.map(({ terminal }) => terminal);
    for (const { terminal } of before?.terminals ?? []) if (!numbers.includes(terminal)) this.#drop(part, terminal);
    const rows = terminals.map(({ terminal, host, user, cols, rows, screen, ended, leadsTo }): TerminalRow => {
      const known = this.#add(part, terminal, { cols, rows });
      known.screen.replace(fromBase64(screen), { cols, rows });
      if (ended !== null) known.lead.end();
      known.lead.reset({ cols, rows });
      known.screen.resize(known.lead.size);
      return { terminal, host, user, size: known.lead.size, follows: known.lead.follows, ended, leadsTo };
    });
    const layout = reconcile(before?.layout ?? this.#ports.keptLayout(part), numbers);
    this.#set(part, { state: "here", message: "", terminals: rows, layout });
    if (this.#pictured.has(part)) this.connection.send({ type: "topology", part, on: true });
  }

  #opened({ part, terminal, host, user, cols, rows }: Extract<ToBrowser, { type: "opened" }>): void {
    if (this.part(part).terminals.some((row) => row.terminal === terminal)) return;
    const wish = this.#wishes.get(part)?.shift();
    this.#add(part, terminal, { cols, rows });
    const size = { cols, rows };
    const row: TerminalRow = { terminal, host, user, size, follows: false, ended: null, leadsTo: undefined };
    this.#set(part, { terminals: [...this.part(part).terminals, row] });
    this.#lay(part, (layout) => {
      if (wish === undefined) return reconcile(addTab(layout, terminal), this.part(part).terminals.map(numberOf));
      const placed = wish === "tab" ? addTab(layout, terminal) : split(layout, wish.beside, wish.to, terminal);
      return focus(reconcile(placed, this.part(part).terminals.map(numberOf)), terminal);
    });
    if (wish !== undefined) this.#claim(part, terminal, false);
  }

  #closed(part: number, terminal: number): void {
    this.#drop(part, terminal);
    this.#set(part, { terminals: this.part(part).terminals.filter((row) => row.terminal !== terminal) });
    this.#lay(part, (layout) => without(layout, terminal));
  }

  #add(part: number, terminal: number, size: Size): { readonly screen: S; readonly lead: SizeLead } {
    const known = this.#screens.get(key(part, terminal));
    if (known) return known;
    const screen = this.#ports.makeScreen(part, terminal, size);
    const lead = new SizeLead(size, (wish) => {
      // One that is not sent is asked for when the screens have come.
      if (!this.#stale.has(part)) this.connection.send({ type: "resize", part, terminal, ...wish });
    });
    const added = { screen, lead };
    this.#screens.set(key(part, terminal), added);
    return added;
  }

  /** Its terminals are known on this line. */
  #isHere(part: number): boolean {
    return this.part(part).state === "here" && !this.#stale.has(part);
  }

  #drop(part: number, terminal: number): void {
    this.#screens.get(key(part, terminal))?.screen.dispose();
    this.#screens.delete(key(part, terminal));
  }

  #claim(part: number, terminal: number, typed: boolean): void {
    const known = this.#screens.get(key(part, terminal));
    if (known?.lead.claim(this.#ports.timers.now(), typed)) known.screen.resize(known.lead.size);
    this.#sized(part, terminal);
  }

  #sized(part: number, terminal: number): void {
    const lead = this.#screens.get(key(part, terminal))?.lead;
    if (lead) this.#row(part, terminal, { size: lead.size, follows: lead.follows });
  }

  #row(part: number, terminal: number, change: Partial<TerminalRow>): void {
    const { terminals } = this.part(part);
    const row = terminals.find((row) => row.terminal === terminal);
    if (!row || Object.entries(change).every(([name, value]) => same(row[name as keyof TerminalRow], value))) return;
    this.#set(part, { terminals: terminals.map((other) => (other === row ? { ...row, ...change } : other)) });
  }

  #lay(part: number, change: (layout: Layout) => Layout): void {
    const { layout } = this.part(part);
    const next = change(layout);
    if (next === layout) return;
    this.#ports.keepLayout(part, next);
    this.#set(part, { layout: next });
  }

  #set(part: number, change: Partial<PartTerminals>): void {
    this.#become({ parts: new Map(this.#state.parts).set(part, { ...this.part(part), ...change }) });
  }

  #become(change: Partial<TerminalsState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function key(part: number, terminal: number): string {
  return `${part}/${terminal}`;
}

function numberOf({ terminal }: TerminalRow): number {
  return terminal;
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
