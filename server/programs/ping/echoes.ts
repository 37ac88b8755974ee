import { Interrupted, type Process } from "../../sim/host/index.ts";
import type { Duration, Time } from "../../sim/kernel/index.ts";
import { namespaceOf, ping, type PingResult, type PingSpec, type RoundTrip } from "../../sim/net/index.ts";

export interface EchoOptions {
  readonly spec: Omit<PingSpec, "id" | "seq">;
  /** The first sequence number: 1 for iputils, 0 for busybox. */
  readonly first: number;
  readonly count: number;
  readonly interval: Duration;
  /** How long the last request may stay without answer, if none was answered so far. */
  readonly wait: Duration;
  /** When it is all over. */
  readonly deadline: Duration;
  /** A reply, or an ICMP error that came back. */
  arrived(seq: number, result: RoundTrip): Promise<void>;
  /** A request that the kernel would not send: whether that counts as an error, passes in silence, or ends the run. */
  unsent(seq: number, result: PingResult): Promise<"error" | "silent" | "end">;
  /** Errors count as answers to a request, as far as the end of the run goes. */
  readonly errorsCount: boolean;
  /** As soon as an answer came the next request goes out (-A). */
  readonly adaptive?: boolean;
  /** So many go out at first without waiting (-l). */
  readonly preload?: number;
  readonly identifier?: number;
  /** A request went out; `answered`: the one before it was answered. */
  sent?(seq: number, answered: boolean): Promise<void>;
}

/** The sending and receiving of echo requests, with what statistics need of it. */
export class Echoes {
  readonly #process: Process;
  readonly #options: EchoOptions;
  readonly #id: number;
  readonly #pending: { readonly at: Time; readonly seq: number; readonly result: RoundTrip }[] = [];
  readonly times: number[] = [];
  transmitted = 0;
  received = 0;
  errors = 0;
  /** The most requests that were on their way at once. */
  pipe = 0;
  /** When the first and the last request were sent. */
  firstSent: Time;
  lastSent: Time;
  #stopped = false;
  /** The last request that was answered. */
  #last: number | undefined;

  constructor(process: Process, options: EchoOptions) {
    this.#process = process;
    this.#options = options;
    this.#id = options.identifier ?? process.kernel.random.below(`ping/${process.machine.name}`, 0xffff) + 1;
    this.firstSent = this.lastSent = process.kernel.now;
  }

  /** Ends the run: for signal handlers. */
  stop(): void {
    this.#stopped = true;
    this.#process.interrupt();
  }

  async run(): Promise<void> {
    const { kernel } = this.#process;
    const { count, interval, deadline, adaptive } = this.#options;
    const started = kernel.now;
    let nextSend: Time = started;
    for (;;) {
      const now = kernel.now;
      if (this.#stopped || now - started >= deadline) return;
      const due = this.#pending.findIndex(({ at }) => at <= now);
      if (due >= 0) {
        const [one] = this.#pending.splice(due, 1);
        await this.#take(one!.seq, one!.result);
        if (adaptive) nextSend = Math.min(nextSend, Math.max(now, this.lastSent + interval / 100));
        if (this.#answered >= count) return;
        continue;
      }
      if (this.transmitted < count && nextSend <= now) {
        if (!(await this.#send())) return;
        nextSend = this.transmitted < (this.#options.preload ?? 1) ? kernel.now : kernel.now + interval;
        continue;
      }
      const last = this.transmitted >= count ? this.#lastWait() : Infinity;
      if (last <= now) return;
      const next = Math.min(
        this.transmitted < count ? nextSend : Infinity,
        last,
        started + deadline,
        ...this.#pending.map(({ at }) => at),
      );
      await this.#sleep(next - now);
    }
  }

  get #answered(): number {
    return this.received + (this.#options.errorsCount ? this.errors : 0);
  }

  /** When waiting for the last answer ends: after two round trips if any was answered. */
  #lastWait(): Time {
    const slowest = Math.max(0, ...this.times);
    if (this.received === 0) return this.lastSent + this.#options.wait;
    return this.lastSent + Math.max(2 * slowest, this.#options.interval);
  }

  async #sleep(span: Duration): Promise<void> {
    try {
      if (span === Infinity) await this.#process.block<void>(() => {});
      else await this.#process.sleep(span);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
    }
  }

  async #send(): Promise<boolean> {
    const { kernel } = this.#process;
    const seq = (this.#options.first + this.transmitted) & 0xffff;
    const result = ping(namespaceOf(this.#process), { ...this.#options.spec, id: this.#id, seq });
    this.lastSent = kernel.now;
    this.transmitted++;
    if (!isSent(result)) {
      const what = await this.#options.unsent(seq, result);
      if (what !== "silent") this.errors++;
      return what !== "end";
    }
    await this.#options.sent?.(seq, this.#last === seq - 1);
    if (result.outcome !== "no answer")
      this.#pending.push({ at: kernel.now + Math.round(result.latency), seq, result });
    return true;
  }

  async #take(seq: number, result: RoundTrip): Promise<void> {
    this.pipe = Math.max(this.pipe, this.transmitted - (seq - this.#options.first));
    if (result.outcome === "answered") {
      this.received++;
      this.#last = seq;
      this.times.push(result.latency);
    } else this.errors++;
    await this.#options.arrived(seq, result);
  }
}

/** Whether the packet left: a neighbour that does not answer is only found out later. */
function isSent({ trace }: RoundTrip): boolean {
  return trace.errno === undefined;
}
