import type { FromBrowser, ToBrowser } from "../../../server/sessions/protocol/socket.ts";
import { Connection, type ConnectionState } from "./connection.ts";
import type { OpenWire, Timers, WireEvents } from "./wire.ts";

/** A clock that moves when a test says so. */
export class FakeTimers implements Timers {
  #now = 0;
  #due: { at: number; run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#due.push(timer);
    return () => void (this.#due = this.#due.filter((other) => other !== timer));
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#due.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#due = this.#due.filter((other) => other !== next);
      this.#now = next.at;
      next.run();
    }
    this.#now = end;
  }

  get pending(): number {
    return this.#due.length;
  }
}

/** The far end of a connection: what was sent through each wire, and a hand on its events. */
export class FakeServer {
  readonly wires: { readonly events: WireEvents; readonly sent: (FromBrowser | Uint8Array)[]; open: boolean }[] = [];

  readonly openWire: OpenWire = (events) => {
    const wire = { events, sent: [] as (FromBrowser | Uint8Array)[], open: true };
    this.wires.push(wire);
    return {
      send: (data) => void wire.sent.push(typeof data === "string" ? (JSON.parse(data) as FromBrowser) : data),
      close: () => void (wire.open = false),
    };
  };

  get wire(): (typeof this.wires)[number] {
    return this.wires.at(-1)!;
  }

  say(message: ToBrowser): void {
    this.wire.events.received(JSON.stringify(message));
  }

  print(part: number, terminal: number, text: string): void {
    this.wire.events.received(Uint8Array.of(part, terminal, ...new TextEncoder().encode(text)));
  }
}

/** A connection to a fake server, with a log of what it told. */
export function fakeConnection() {
  const timers = new FakeTimers();
  const server = new FakeServer();
  const states: ConnectionState[] = [];
  const messages: ToBrowser[] = [];
  const outputs: { part: number; terminal: number; text: string; drawn: () => void }[] = [];
  const trips: number[] = [];
  const connection = new Connection(server.openWire, timers, {
    state: (state) => void states.push(state),
    message: (message) => void messages.push(message),
    output: (part, terminal, bytes, drawn) =>
      void outputs.push({ part, terminal, text: new TextDecoder().decode(bytes), drawn }),
    roundTrip: (ms) => void trips.push(ms),
  });
  return { connection, timers, server, states, messages, outputs, trips };
}
