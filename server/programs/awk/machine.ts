import { OutOfMemory } from "./fault.ts";
import { encode } from "../../sim/kernel/index.ts";
import type { Process } from "../../sim/host/index.ts";
import { AwkArray } from "./array.ts";
import { RuntimeFault } from "./fault.ts";
import { Record } from "./record.ts";
import type { Streams } from "./streams.ts";
import { fromInput, toNumber, toText, type Value } from "./values.ts";

/** Where the records come from. */
export interface MainInput {
  /** The next record of the files that are left; undefined behind the last. */
  next(): string | undefined | Promise<string | undefined>;
  /** The rest of the present file is passed over. */
  skipFile(): void;
}

/** From this length on a search takes a microsecond for each character. */
const LONG = 4096;

/** The state of a running program: variables, the record, input and output. */
export class Machine {
  readonly process: Process;
  readonly streams: Streams;
  readonly globals: Value[];
  readonly arrays: AwkArray[];
  readonly record: Record;
  readonly #slots: ReadonlyMap<string, number>;
  input: MainInput | undefined;
  // Variables with a meaning, kept where they are used.
  fs = " ";
  ofs = " ";
  ors = "\n";
  rs = "\n";
  subsep = "\x1c";
  convfmt = "%.6g";
  ofmt = "%.6g";
  nr = 0;
  fnr = 0;
  filename: Value;
  rstart = 0;
  rlength = -1;
  exitCode = 0;
  /** How deep function calls are nested. */
  depth = 0;
  /** Microseconds of work on long texts that a loop has yet to let pass. */
  work = 0;
  returned: Value;
  seed: number;
  #random: number;

  constructor(process: Process, streams: Streams, slots: ReadonlyMap<string, number>, arrays: number) {
    this.process = process;
    this.streams = streams;
    this.#slots = slots;
    this.globals = Array.from({ length: slots.size }, () => undefined);
    this.arrays = Array.from({ length: arrays }, () => new AwkArray());
    this.record = new Record(() => ({ ofs: this.ofs, convfmt: this.convfmt }));
    // mawk seeds itself by the clock.
    this.seed = Math.floor(process.kernel.now);
    this.#random = this.seed >>> 0;
  }

  /** A number from 0 to below 1: a linear congruence over 32 bits, mixed, so that seeds near to each other differ. */
  random(): number {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0;
    let mixed = this.#random ^ (this.#random >>> 16);
    mixed = Math.imul(mixed, 0x85ebca6b) >>> 0;
    mixed ^= mixed >>> 13;
    return (mixed >>> 0) / 0x1_0000_0000;
  }

  reseed(seed: number): number {
    const before = this.seed;
    this.seed = seed;
    this.#random = Math.floor(seed) >>> 0;
    return before;
  }

  /** A pattern is looked for in a text. */
  search(text: string): string {
    if (text.length > LONG) this.work += text.length;
    return text;
  }

  /** A text that has grown, if the program's memory holds it. */
  checkLength(text: string): string {
    if (text.length > this.process.kernel.limits.memory) throw new OutOfMemory();
    return text;
  }

  text(value: Value): string {
    return toText(value, this.convfmt);
  }

  setRecord(text: string): void {
    this.record.set(text, this.fs, this.rs === "");
  }

  field(number: number): Value {
    if (number < 0) throw new RuntimeFault(`negative field index $${Math.trunc(number)}`);
    return this.record.get(Math.trunc(number));
  }

  setField(number: number, value: Value): void {
    if (number < 0) throw new RuntimeFault(`negative field index $${Math.trunc(number)}`);
    if (Math.trunc(number) === 0) this.setRecord(this.text(value));
    else this.record.put(Math.trunc(number), value);
  }

  /** `name=value` of the command line. */
  assign(name: string, text: string): void {
    const special = SPECIAL[name];
    const value = fromInput(encode(text));
    if (special) special.set(this, value);
    else {
      const slot = this.#slots.get(name);
      if (slot !== undefined) this.globals[slot] = value;
    }
  }
}

interface Special {
  get(machine: Machine): Value;
  set(machine: Machine, value: Value): void;
}

/** Variables that awk itself reads or writes. */
export const SPECIAL: Readonly<{ [name: string]: Special | undefined }> = {
  NF: {
    get: ({ record }) => record.count,
    set: ({ record }, value) => void (record.count = Math.max(0, Math.trunc(toNumber(value)))),
  },
  NR: { get: ({ nr }) => nr, set: (machine, value) => void (machine.nr = toNumber(value)) },
  FNR: { get: ({ fnr }) => fnr, set: (machine, value) => void (machine.fnr = toNumber(value)) },
  FS: { get: ({ fs }) => fs, set: (machine, value) => void (machine.fs = machine.text(value)) },
  OFS: { get: ({ ofs }) => ofs, set: (machine, value) => void (machine.ofs = machine.text(value)) },
  ORS: { get: ({ ors }) => ors, set: (machine, value) => void (machine.ors = machine.text(value)) },
  RS: { get: ({ rs }) => rs, set: (machine, value) => void (machine.rs = machine.text(value)) },
  SUBSEP: { get: ({ subsep }) => subsep, set: (machine, value) => void (machine.subsep = machine.text(value)) },
  CONVFMT: { get: ({ convfmt }) => convfmt, set: (machine, value) => void (machine.convfmt = machine.text(value)) },
  OFMT: { get: ({ ofmt }) => ofmt, set: (machine, value) => void (machine.ofmt = machine.text(value)) },
  FILENAME: { get: ({ filename }) => filename, set: (machine, value) => void (machine.filename = value) },
  RSTART: { get: ({ rstart }) => rstart, set: (machine, value) => void (machine.rstart = toNumber(value)) },
  RLENGTH: { get: ({ rlength }) => rlength, set: (machine, value) => void (machine.rlength = toNumber(value)) },
};
