import type { Bytes } from "../kernel/index.ts";
import type { Hosts } from "./hosts.ts";
import type { Process } from "./process/process.ts";
import type { Tty } from "./tty/tty.ts";

/** A login for which an sshd of this world asks a host of another one. */
export interface Call {
  /** The address of this world that was connected to. */
  readonly address: string;
  /** Undefined: a login shell. */
  readonly command: string | undefined;
  /** The caller's terminal; undefined: there is none, and standard error comes apart. */
  readonly tty: Tty | undefined;
}

/** What comes back over a line. `refused`: there is no login; `lost`: the line is dead. */
export type Heard =
  | { readonly kind: "output"; readonly stream: 1 | 2; readonly bytes: Bytes }
  | { readonly kind: "ended"; readonly status: number }
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "lost" };

/** The way to the other world. */
export interface LineOut {
  send(bytes: Bytes): void;
  /** The caller sends nothing more. */
  end(): void;
  resize(cols: number, rows: number): void;
  /** The caller is gone. */
  cut(): void;
  /** So many bytes of output have found their place here. */
  taken(bytes: number): void;
}

/** A login in another world, as the program that called sees it. It belongs to a running program and is no state. */
export class Line {
  readonly #out: LineOut;
  readonly #heard: Heard[] = [];
  #wake: (() => void) | undefined;

  constructor(out: LineOut) {
    this.#out = out;
  }

  send(bytes: Bytes): void {
    this.#out.send(bytes);
  }

  end(): void {
    this.#out.end();
  }

  resize(cols: number, rows: number): void {
    this.#out.resize(cols, rows);
  }

  cut(): void {
    this.#out.cut();
  }

  /** What was heard next; waits in the name of `process`. */
  async next(process: Process): Promise<Heard> {
    while (this.#heard.length === 0) {
      await process.block<void>((wake) => {
        this.#wake = () => wake();
        return () => (this.#wake = undefined);
      });
    }
    const heard = this.#heard.shift()!;
    if (heard.kind === "output") this.#out.taken(heard.bytes.length);
    return heard;
  }

  /** For whoever runs the world. */
  hear(heard: Heard): void {
    this.#heard.push(heard);
    this.#wake?.();
  }
}

/** Where the logins on one machine lead: to other worlds. Handed in by whoever runs the world. */
export interface Elsewhere {
  /** The machine whose sshd only passes on. */
  readonly machine: string;
  call(call: Call): Line;
}

const ELSEWHERE = new WeakMap<Hosts, Elsewhere>();

export function leadElsewhere(hosts: Hosts, elsewhere: Elsewhere): void {
  ELSEWHERE.set(hosts, elsewhere);
}

/** Where logins on a machine lead, if to another world. */
export function elsewhereOf(hosts: Hosts, machine: string): Elsewhere | undefined {
  const found = ELSEWHERE.get(hosts);
  return found?.machine === machine ? found : undefined;
}
