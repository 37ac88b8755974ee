import { SECOND, type Bytes, type Duration } from "../../kernel/index.ts";
import { address } from "../ip.ts";
import type { Errno } from "../errno.ts";
import type { Namespace } from "../namespace.ts";
import { getRoute } from "../route/get.ts";
import { connectionIndex } from "../socket/lookup.ts";
import type { ConnectionRow } from "../socket/row.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import { ACK, FIN, PSH, RST, tcpPacket, type Packet } from "../walk/packet.ts";
import type { Trace } from "../walk/trace.ts";
import { walk } from "../walk/walk.ts";
import type { End, StreamAnswer } from "./application.ts";
import { isAsleep } from "../socket/waiting.ts";
import { judge } from "./outcome.ts";
import type { Receiver } from "./receivers.ts";
import { receivedFlow, sentFlow, tcpFields } from "./sequence.ts";
import { sealed } from "./records.ts";
import { applicationOf, connectionContext, streamServer } from "./serve.ts";

/** How long a closed connection stays in TIME-WAIT, or waits for the other end. */
const LINGER = 60 * SECOND;

export interface SendResult {
  /** `no answer`: it did not get there; a program's system call would not tell, and TCP try again. */
  readonly outcome: "delivered" | "no answer" | "reset" | "closed";
  readonly errno: Errno | undefined;
  readonly trace: Trace | undefined;
  /** Microseconds until it was there. */
  readonly latency: number;
  /** The other end, if it got there. */
  readonly there: Connection | undefined;
}

export interface SendOptions {
  /** From now, in microseconds. */
  readonly after?: Duration;
  readonly tracing?: boolean;
  /** The other end does not act on it yet: the caller will let it `take` the bytes. */
  readonly hold?: boolean;
}

/** One end of a TCP connection: a view on its row. */
export class Connection {
  readonly ns: Namespace;
  readonly id: number;

  constructor(ns: Namespace, id: number) {
    this.ns = ns;
    this.id = id;
  }

  /** Undefined once the connection is gone. */
  get row(): ConnectionRow | undefined {
    return this.ns.connections.get(this.id);
  }

  get local(): End {
    const row = this.#mustRow();
    return { address: row.address, port: row.port };
  }

  get remote(): End {
    const row = this.#mustRow();
    return { address: row.peerAddress, port: row.peerPort };
  }

  get key(): string {
    return `${this.ns.id}/${this.id}`;
  }

  /** Lets a program take what comes in, beginning with what has waited for it. Without an argument nobody does. */
  receive(receiver?: Receiver): void {
    const { receivers } = this.ns.network;
    if (!receiver) {
      receivers.delete(this.key);
      return;
    }
    receivers.set(this.key, receiver);
    const row = this.row;
    if (row?.received !== undefined) {
      const { received, ...rest } = row;
      this.ns.connections.set(this.id, rest);
      receiver.data?.(received, 0);
    }
    if (row?.state === "close-wait") receiver.end?.(0);
  }

  /**
   * Sends bytes: one walk stands for all their segments. If they get there, the other end acts on them at once, with everything
   * that follows from it.
   */
  send(bytes: Bytes, options: SendOptions = {}): SendResult {
    const { row } = this;
    const nothing = { trace: undefined, latency: 0, there: undefined };
    if (!row || (row.state !== "established" && row.state !== "close-wait"))
      return { ...nothing, outcome: "closed", errno: "EPIPE" };
    if (bytes === "") return { ...nothing, outcome: "delivered", errno: undefined };
    const wire = row.tls ? sealed(bytes, row.tls, row.flow?.next ?? 0) : bytes;
    let mss = row.mss;
    for (let attempt = 0; ; attempt++) {
      const trace = this.#walk(row, dataPacket(wire, mss), {
        tracing: options.tracing ?? true,
        after: options.after ?? 0,
      });
      const smaller = this.#smallerSegments(row, trace, mss);
      if (smaller !== undefined && attempt < 4) {
        mss = smaller;
        this.#update({ mss });
        continue;
      }
      return this.#afterSend(trace, bytes, options);
    }
  }

  /**
   * Says that nothing more will be sent (shutdown(2) of the sending side): a FIN, of which the other end hears if the way is
   * open. What it still has to say arrives.
   */
  end(after: Duration = 0): void {
    const { row } = this;
    if (!row || (row.state !== "established" && row.state !== "close-wait")) return;
    const last = row.state === "close-wait";
    this.#update({ state: last ? "last-ack" : "fin-wait-1" });
    const trace = this.#walk(row, tcpPacket(FIN | ACK), { tracing: false, after });
    const { delivery } = trace;
    if (delivery?.connection) new Connection(delivery.ns, delivery.connection.id).#ended(after + trace.ns / 1000);
    else if (this.#isReset(trace)) this.#remove();
  }

  /** Closes this end: nobody reads here any more. With bytes that were not read, that is a reset (tcp_close). */
  close(after: Duration = 0): void {
    const { row } = this;
    this.receive();
    if (!row) return;
    if (row.state === "syn-sent") return this.#remove();
    if (row.state === "time-wait") return;
    if (row.received) return this.reset();
    this.#update({ orphan: true, until: this.ns.kernel.now + LINGER });
    this.end(after);
  }

  /** Ends the connection at once, without a farewell. */
  reset(): void {
    const { row } = this;
    this.receive();
    if (!row) return;
    this.#remove();
    if (row.state === "syn-sent") return;
    const packet = tcpPacket(RST | ACK);
    // Unlike the reset of a closed port, it has the timestamps of its connection.
    packet.size = packet.bytes = HEADERS;
    const trace = this.#walk(row, packet, { tracing: false, after: 0 });
    const there = trace.delivery?.connection;
    if (there) new Connection(trace.delivery.ns, there.id).lost("ECONNRESET", trace.ns / 1000);
  }

  /** The connection is gone, and its program told so. */
  lost(errno: Errno, delay: Duration): void {
    const receiver = this.ns.network.receivers.get(this.key);
    this.receive();
    this.#remove();
    receiver?.error?.(errno, delay);
  }

  /** The server's application speaks first, if it does. */
  open(delay: Duration, trace: Trace | undefined): void {
    const server = this.#server();
    const { row } = this;
    if (row && server?.open) this.#act(server.open(connectionContext(this.ns, row)), delay, trace);
  }

  /** Acts on bytes that have arrived: its program, its application, or a buffer takes them. */
  take(bytes: Bytes, delay: Duration, trace?: Trace): void {
    const { row } = this;
    if (!row) return;
    if (isAsleep(this.ns, row)) return this.#update({ received: (row.received ?? "") + bytes });
    const receiver = this.ns.network.receivers.get(this.key);
    if (receiver?.data) return receiver.data(bytes, delay);
    const server = this.#server();
    if (!server) return this.#update({ received: (row.received ?? "") + bytes });
    this.#act(server.receive(bytes, connectionContext(this.ns, row), row.memory), delay, trace);
  }

  /** Its process goes on after it was stopped: it accepts the connection and acts on what has come meanwhile. */
  wake(): void {
    const { row } = this;
    if (!row || isAsleep(this.ns, row)) return;
    const { received, farewell, waiting, ...rest } = row;
    const accepts = waiting && row.application !== undefined;
    if (waiting && !accepts) return;
    if (received === undefined && !farewell && !accepts) return;
    const receiver = this.ns.network.receivers.get(this.key);
    const taken = receiver?.data !== undefined || this.#server() !== undefined;
    connectionIndex(this.ns).put(taken || received === undefined ? rest : { ...rest, received });
    if (accepts) this.open(0, undefined);
    if (taken && received !== undefined) this.take(received, 0);
    const left = this.row;
    if (!farewell || !left) return;
    if (receiver) receiver.end?.(0);
    else if (left.state === "close-wait") this.#endServer(left, 0);
  }

  #afterSend(trace: Trace, bytes: Bytes, { after = 0, hold = false }: SendOptions): SendResult {
    const latency = trace.ns / 1000;
    const { delivery } = trace;
    if (delivery?.connection) {
      const there = new Connection(delivery.ns, delivery.connection.id);
      if (there.row?.orphan) {
        there.reset();
        return { trace, latency, there: undefined, outcome: "reset", errno: "ECONNRESET" };
      }
      there.#acknowledgeData(after + latency);
      if (!hold) there.take(bytes, after + latency, trace);
      return { outcome: "delivered", errno: undefined, trace, latency, there };
    }
    const lost = { trace, latency, there: undefined };
    if (!this.#isReset(trace)) return { ...lost, outcome: "no answer", errno: undefined };
    this.lost("ECONNRESET", latency);
    return { ...lost, outcome: "reset", errno: "ECONNRESET" };
  }

  /** A FIN has come. */
  #ended(delay: Duration): void {
    const { row } = this;
    if (!row) return;
    const asleep = isAsleep(this.ns, row);
    const receiver = asleep ? undefined : this.ns.network.receivers.get(this.key);
    if (asleep) this.#update({ farewell: true });
    if (row.state === "fin-wait-1" || row.state === "fin-wait-2") {
      this.#update({ state: "time-wait", until: this.ns.kernel.now + LINGER });
      const last = this.#acknowledge(row, delay);
      if (last) last.#remove();
      receiver?.end?.(delay);
    }
    if (row.state !== "established") return;
    this.#update({ state: "close-wait" });
    if (receiver) receiver.end?.(delay);
    else if (!asleep) this.#endServer(row, delay);
    if (this.row?.state !== "close-wait") return;
    const first = this.#acknowledge(row, delay);
    if (first) first.#update({ state: "fin-wait-2" });
  }

  #endServer(row: ConnectionRow, delay: Duration): void {
    const server = this.#server();
    if (!server) return;
    const answer = server.end?.(connectionContext(this.ns, row), row.memory) ?? { close: "fin" as const };
    this.#act(answer, delay, undefined);
  }

  /** Answers a FIN; the end that hears of it. */
  #acknowledge(row: ConnectionRow, after: Duration): Connection | undefined {
    const { delivery } = this.#walk(this.row ?? row, tcpPacket(ACK), { tracing: false, after, answers: false });
    return delivery?.connection && new Connection(delivery.ns, delivery.connection.id);
  }

  /** Data is acknowledged at once, until this end answers: then its answers do it (tcp_enter_quickack_mode). */
  #acknowledgeData(after: Duration): void {
    const { row } = this;
    if (row?.flow && !row.flow.talks) this.#acknowledge(row, after);
  }

  /** Does what an application answered. */
  #act(answer: StreamAnswer, delay: Duration, trace: Trace | undefined): void {
    const after = delay + (answer.delay ?? 0);
    if ("memory" in answer && this.row) this.#update({ memory: answer.memory });
    if (answer.bytes) {
      const sent = this.send(answer.bytes, { after, tracing: trace !== undefined });
      if (trace && sent.trace) trace.reply ??= sent.trace;
    }
    if (answer.close === "fin") this.close(after);
    else if (answer.close === "reset") this.reset();
  }

  #server() {
    const { row } = this;
    const application = row && applicationOf(this.ns, row);
    return application && streamServer(application);
  }

  /** Whether a packet was answered by a reset. A port unreachable is only noted by a connection that stands. */
  #isReset(trace: Trace): boolean {
    const { outcome } = judge(this.ns, trace, (reply) => reply.delivery?.connection?.id === this.id, { deaf: true });
    return outcome === "refused" && !trace.reply?.delivery?.packet.quote;
  }

  #walk(
    row: ConnectionRow,
    packet: Packet,
    { tracing, after, answers = true }: { tracing: boolean; after: Duration; answers?: boolean },
  ): Trace {
    packet.src = address(row.address);
    packet.dst = address(row.peerAddress);
    packet.sport = row.port;
    packet.dport = row.peerPort;
    packet.fitFamily();
    packet.ttl = configurationOf(this.ns).defaultTtl;
    packet.uid = row.uid;
    const { flow } = row;
    if (!flow) return walk(this.ns, packet, { tracing, answers, after });
    packet.tcp = tcpFields(this.ns, row, after);
    packet.id = (flow.id + flow.segmentsOut) & 0xffff;
    if (!(packet.flags & RST)) packet.window = flow.window;
    const trace = walk(this.ns, packet, { tracing, answers, after });
    const { delivery } = trace;
    const there = delivery?.connection;
    if (!there || !delivery.packet.tcp) return trace;
    if (this.row?.flow) this.#update({ flow: sentFlow(this.row.flow, packet) });
    const other = delivery.ns.connections.get(there.id);
    if (other?.flow) connectionIndex(delivery.ns).put({ ...other, flow: receivedFlow(other.flow, delivery.packet) });
    return trace;
  }

  /** A link on the way is smaller than the segments: how large they may be, if the sender was told. */
  #smallerSegments(row: ConnectionRow, trace: Trace, mss: number): number | undefined {
    if (trace.verdict !== "too big") return undefined;
    const route = getRoute(this.ns, { destination: address(row.peerAddress) });
    const mtu = typeof route === "string" ? Infinity : (route.row.mtu ?? route.link.mtu);
    const next = Math.min(mtu, this.ns.pathMtu.get(row.peerAddress)?.mtu ?? Infinity) - (row.family === 6 ? 60 : 40);
    return next < mss && next > 0 ? next : undefined;
  }

  #update(change: Partial<ConnectionRow>): void {
    const { row } = this;
    if (row) connectionIndex(this.ns).put({ ...row, ...change });
  }

  #remove(): void {
    const { row } = this;
    if (row) connectionIndex(this.ns).delete(row);
  }

  #mustRow(): ConnectionRow {
    const { row } = this;
    if (!row) throw new Error(`no connection ${this.key}`);
    return row;
  }
}

/** 20 bytes IP, 20 TCP and 12 of timestamps before each segment. */
const HEADERS = 52;

function dataPacket(bytes: Bytes, mss: number): Packet {
  const packet = tcpPacket(PSH | ACK);
  const room = mss - (HEADERS - 40);
  packet.payload = bytes;
  packet.segments = Math.ceil(bytes.length / room);
  packet.size = HEADERS + Math.min(bytes.length, room);
  packet.bytes = bytes.length + HEADERS * packet.segments;
  return packet;
}
