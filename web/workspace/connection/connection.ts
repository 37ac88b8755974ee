import { type FromBrowser, ToBrowser } from "../../../server/sessions/protocol/socket.ts";
import { inputFrames, readOutput } from "./frames.ts";
import type { OpenWire, Timers, Wire } from "./wire.ts";

/**
 * `connecting`: the first time. `lost`: it was open or could not be opened, and try `attempt` comes by itself. `refused`:
 * the server does not want it, with its reason. `closed`: from this side, for good.
 */
export type ConnectionState =
  | { readonly is: "connecting" }
  | { readonly is: "open" }
  | { readonly is: "lost"; readonly attempt: number }
  | { readonly is: "refused"; readonly code: number; readonly reason: string }
  | { readonly is: "closed" };

export interface ConnectionEvents {
  state(state: ConnectionState): void;
  message(message: ToBrowser): void;
  /** What a terminal prints. `drawn` is to be called when it is on the screen: the server waits for it in a flood. */
  output(part: number, terminal: number, bytes: Uint8Array, drawn: () => void): void;
  /** Milliseconds there and back, and the server's clock at `at` of ours. */
  roundTrip(ms: number, serverNow: number, at: number): void;
}

const FIRST_RETRY = 250;
const LAST_RETRY = 5000;
const PING_EVERY = 5000;
/** The first measure of a line is of a page that is busy with its start: the second one comes sooner. */
const PING_AGAIN = 1000;
/** A connection that neither opens nor answers a ping for so long is given up. */
const PATIENCE = 8000;
/** Drawn bytes are told when there are so many, or after so many milliseconds. */
const ACK_BYTES = 32_768;
const ACK_AFTER = 50;
/** Close codes with which the server says that trying again is of no use: policy violation, and its own. */
const REFUSING = (code: number): boolean => code === 1008 || (code >= 4000 && code < 5000);

/**
 * The line between this page and its attempt's terminals: opens, attaches the shown parts, measures, acknowledges, and
 * comes back by itself. Knows no DOM. What is sent while the line is down is not sent later: `input` says so.
 */
export class Connection {
  readonly #openWire: OpenWire;
  readonly #timers: Timers;
  readonly #events: ConnectionEvents;
  readonly #parts = new Set<number>();
  readonly #undrawn = new Map<string, { part: number; terminal: number; bytes: number }>();
  readonly #pings = new Map<number, number>();
  #state: ConnectionState = { is: "connecting" };
  #wire: Wire | undefined;
  #attempt = 0;
  #ping = 0;
  #first = true;
  #visible = true;
  #retry = noTimer;
  #nextPing = noTimer;
  #deadline = noTimer;
  #nextAck = noTimer;

  constructor(openWire: OpenWire, timers: Timers, events: ConnectionEvents) {
    this.#openWire = openWire;
    this.#timers = timers;
    this.#events = events;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  start(): void {
    this.#connect();
  }

  /** The part's terminals are wanted, now and after every reconnect. */
  attach(part: number): void {
    if (this.#parts.has(part)) return;
    this.#parts.add(part);
    this.send({ type: "attach", part });
  }

  /** False: the line is down and nothing was sent. */
  send(message: FromBrowser): boolean {
    if (this.#state.is !== "open") return false;
    this.#wire?.send(JSON.stringify(message));
    return true;
  }

  /** False: the line is down and nothing was sent, nor will be. */
  input(part: number, terminal: number, bytes: Uint8Array): boolean {
    if (this.#state.is !== "open") return false;
    for (const frame of inputFrames(part, terminal, bytes)) this.#wire?.send(frame);
    return true;
  }

  /** Hidden pages are not measured; one that is shown again looks at once whether its line still stands. */
  setVisible(visible: boolean): void {
    this.#visible = visible;
    if (visible) this.wake();
    else this.#nextPing();
  }

  /** The network is back or somebody looks: no more waiting. */
  wake(): void {
    if (this.#state.is === "lost" && !this.#wire) this.#connect();
    else if (this.#state.is === "open") this.#measure();
  }

  close(): void {
    this.#drop();
    this.#become({ is: "closed" });
  }

  #connect(): void {
    this.#retry();
    this.#patience();
    const wire: Wire = this.#openWire({
      opened: () => this.#wire === wire && this.#opened(),
      received: (data) => this.#wire === wire && this.#received(data),
      closed: (code, reason) => this.#wire === wire && this.#closed(code, reason),
    });
    this.#wire = wire;
  }

  #opened(): void {
    this.#attempt = 0;
    this.#first = true;
    this.#deadline();
    this.#become({ is: "open" });
    for (const part of this.#parts) this.send({ type: "attach", part });
    this.#measure();
  }

  #closed(code: number, reason: string): void {
    this.#drop();
    if (REFUSING(code)) return this.#become({ is: "refused", code, reason });
    const wait = Math.min(FIRST_RETRY * 2 ** this.#attempt, LAST_RETRY);
    this.#attempt++;
    this.#become({ is: "lost", attempt: this.#attempt });
    this.#retry = this.#timers.after(wait, () => this.#connect());
  }

  /** Forgets the wire and all that belonged to it. */
  #drop(): void {
    const wire = this.#wire;
    this.#wire = undefined;
    for (const cancel of [this.#retry, this.#nextPing, this.#deadline, this.#nextAck]) cancel();
    this.#nextAck = noTimer;
    this.#undrawn.clear();
    this.#pings.clear();
    wire?.close();
  }

  #received(data: string | Uint8Array): void {
    if (typeof data !== "string") return this.#output(data);
    const message = ToBrowser.safeParse(readJson(data));
    if (!message.success) return;
    if (message.data.type === "pong") this.#pong(message.data.id, message.data.now);
    this.#events.message(message.data);
  }

  #output(frame: Uint8Array): void {
    const output = readOutput(frame);
    if (!output) return;
    const { part, terminal, bytes } = output;
    const wire = this.#wire;
    this.#events.output(part, terminal, bytes, () => {
      if (this.#wire === wire) this.#drawn(part, terminal, bytes.length);
    });
  }

  #drawn(part: number, terminal: number, bytes: number): void {
    const key = `${part}/${terminal}`;
    const sum = (this.#undrawn.get(key)?.bytes ?? 0) + bytes;
    this.#undrawn.set(key, { part, terminal, bytes: sum });
    if (sum >= ACK_BYTES) this.#acknowledge();
    else if (this.#nextAck === noTimer) this.#nextAck = this.#timers.after(ACK_AFTER, () => this.#acknowledge());
  }

  #acknowledge(): void {
    this.#nextAck();
    this.#nextAck = noTimer;
    for (const drawn of this.#undrawn.values()) this.send({ type: "drawn", ...drawn });
    this.#undrawn.clear();
  }

  #measure(): void {
    this.#nextPing();
    if (!this.#visible) return;
    const id = ++this.#ping;
    this.#pings.set(id, this.#timers.now());
    this.send({ type: "ping", id });
    if (this.#pings.size === 1) this.#patience();
    this.#nextPing = this.#timers.after(this.#first ? PING_AGAIN : PING_EVERY, () => this.#measure());
    this.#first = false;
  }

  #pong(id: number, serverNow: number): void {
    const sent = this.#pings.get(id);
    if (sent === undefined) return;
    this.#pings.clear();
    this.#deadline();
    const now = this.#timers.now();
    this.#events.roundTrip(now - sent, serverNow, sent + (now - sent) / 2);
  }

  #patience(): void {
    this.#deadline();
    this.#deadline = this.#timers.after(PATIENCE, () => this.#closed(1006, ""));
  }

  #become(state: ConnectionState): void {
    this.#state = state;
    this.#events.state(state);
  }
}

const noTimer = (): void => {};

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
