import type { Process } from "../../sim/host/index.ts";
import { SECOND, type Time } from "../../sim/kernel/index.ts";
import { openTap, PACKET_OUTGOING, type CapturedFrame, type Namespace } from "../../sim/net/index.ts";
import type { CompiledFilter } from "./filter/compile.ts";
import { Frame, type LinkType } from "./filter/frame.ts";

export interface CaptureSpec {
  /** Undefined: all links. */
  readonly link: number | undefined;
  /** The link is a tunnel, whose frames have no header of its own. */
  readonly raw: boolean;
  readonly promiscuous: boolean;
  readonly filter: CompiledFilter | undefined;
  readonly direction: "in" | "out" | undefined;
  readonly snapLength: number;
  /** Packets are handed over one by one; else in blocks, once a second. */
  readonly immediate: boolean;
  /** Bytes that the kernel keeps until they are fetched. */
  readonly buffer: number;
}

export interface Captured {
  readonly frame: Frame;
  readonly time: Time;
  readonly link: string;
}

/** What a program takes after a packet came, before it asks the kernel again: more may have come by then. */
const REACTION = 200;

/** A packet socket with its buffer (libpcap's pcap-linux.c). */
export class Capture {
  readonly linkType: LinkType;
  readonly #process: Process;
  readonly #spec: CaptureSpec;
  readonly #close: () => void;
  readonly #opened: Time;
  /** What the kernel let through, by time. */
  #buffer: CapturedFrame[] = [];
  #buffered = 0;
  #dropped = 0;
  /** How many passed the filter long ago, and when the others do. */
  #before = 0;
  #passed: Time[] = [];
  #wake: (() => void) | undefined;
  #stopped = false;

  constructor(process: Process, ns: Namespace, spec: CaptureSpec) {
    this.#process = process;
    this.#spec = spec;
    this.#opened = process.kernel.now;
    this.linkType = spec.link === undefined ? "LINUX_SLL2" : spec.raw ? "RAW" : "EN10MB";
    this.#close = openTap(ns, {
      namespace: ns.id,
      link: spec.link,
      promiscuous: spec.promiscuous && spec.link !== undefined,
      flows: new Map(),
      // The tap shows an Ethernet header on every link; a tunnel has none.
      take: (frame) => this.#take(spec.raw ? { ...frame, bytes: frame.bytes.slice(14) } : frame),
    });
  }

  /** How many packets the kernel's filter let through so far. */
  received(at: Time): number {
    return this.#before + this.#passed.filter((time) => time <= at).length;
  }

  /** How many found the buffer full. */
  get dropped(): number {
    return this.#dropped;
  }

  stop(): void {
    this.#stopped = true;
    this.#close();
    this.#wake?.();
  }

  close(): void {
    this.#close();
  }

  /** Packets as they come, until it is stopped. */
  async *packets(): AsyncGenerator<Captured> {
    for (;;) {
      if (this.#stopped) return;
      const now = this.#process.kernel.now;
      const next = this.#buffer[0];
      const due = next && this.#due(next.time);
      if (next === undefined) await this.#sleep(Infinity);
      else if (due! > now) await this.#sleep(due! - now);
      else {
        this.#buffer.shift();
        this.#buffered -= next.bytes.length;
        const captured = this.#accept(next);
        if (captured) yield captured;
      }
    }
  }

  /** Lets pass what a program needs to act on a packet. */
  async reaction(): Promise<void> {
    if (!this.#stopped) await this.#process.sleep(REACTION);
  }

  /** When a packet is handed over: with its block, whose time runs from the opening. */
  #due(time: Time): Time {
    if (this.#spec.immediate) return Math.ceil(time);
    return this.#opened + Math.ceil((time - this.#opened + 1) / SECOND) * SECOND;
  }

  async #sleep(span: number): Promise<void> {
    await this.#process.block<void>((wake) => {
      this.#wake = () => wake();
      const cancel = span === Infinity ? undefined : this.#process.kernel.timer(Math.ceil(span), wake);
      return () => {
        this.#wake = undefined;
        cancel?.();
      };
    });
  }

  #take(frame: CapturedFrame): void {
    const { filter } = this.#spec;
    const seen = new Frame(frame.bytes, this.linkType, frame.bytes.length, frame.type);
    if (filter && !filter.test(seen)) return;
    this.#count(frame.time);
    // Out and back in at once: what goes out by the loopback is not shown twice.
    if (frame.loopback && frame.type === PACKET_OUTGOING) return;
    if (filter?.direction) return;
    const { direction } = this.#spec;
    if (direction && (frame.type === PACKET_OUTGOING) !== (direction === "out")) return;
    if (this.#buffered + frame.bytes.length > this.#spec.buffer) {
      this.#dropped++;
      return;
    }
    this.#buffered += frame.bytes.length;
    let at = this.#buffer.length;
    while (at > 0 && this.#buffer[at - 1]!.time > frame.time) at--;
    this.#buffer.splice(at, 0, frame);
    this.#wake?.();
  }

  #count(time: Time): void {
    this.#passed.push(time);
    if (this.#passed.length < 1024) return;
    const now = this.#process.kernel.now;
    const later = this.#passed.filter((other) => other > now);
    this.#before += this.#passed.length - later.length;
    this.#passed = later;
  }

  #accept({ bytes, type, time, link }: CapturedFrame): Captured {
    const { snapLength } = this.#spec;
    const frame = new Frame(bytes.slice(0, snapLength), this.linkType, bytes.length, type);
    return { frame, time, link: link.name };
  }
}
