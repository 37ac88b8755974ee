import { attempt, Errno, type Process } from "../../../../host/index.ts";
import { decode, encode } from "../../../../kernel/index.ts";
import { addressText, parseAddress, type Address } from "../../../../net/index.ts";
import { CniError } from "../cni-error.ts";

/** Who has an address, as its file tells (host-local backend/disk/backend.go). */
export interface Holder {
  readonly containerId: string;
  readonly ifName: string;
}

const LINE_BREAK = "\r\n";
const LAST = "last_reserved_ip.";
/** The permissions that go-filemutex gives its file. */
const LOCK_MODE = 0o750;

/**
 * Addresses of a network that are given out: a file for each, named by it, below /var/lib/cni/networks. One plugin at a
 * time holds the lock upstream; here nothing comes between.
 */
export class Store {
  readonly #process: Process;
  readonly #directory: string;

  constructor(process: Process, dataDir: string, network: string) {
    const { files } = process.host;
    this.#process = process;
    this.#directory = `${dataDir}/${network}`;
    this.#try("mkdir", this.#directory, () => files.mkdir(this.#directory, { parents: true, mode: 0o755 }, process));
    const lock = `${this.#directory}/lock`;
    if (!files.exists(lock, process))
      this.#try("open", lock, () => files.write(lock, "", { mode: LOCK_MODE }, process));
  }

  /** Gives an address out; false if somebody has it. `range` numbers the range set, for the next in turn. */
  reserve(holder: Holder, value: Address, range: number): boolean {
    const { files } = this.#process.host;
    const text = addressText(value);
    const path = `${this.#directory}/${text}`;
    const made = attempt(() =>
      files.write(path, encode(content(holder)), { exclusive: true, mode: 0o644 }, this.#process),
    );
    if (made instanceof Errno) {
      if (made.code === "EEXIST") return false;
      throw failed("open", path, made);
    }
    const last = `${this.#directory}/${LAST}${range}`;
    this.#try("open", last, () => files.write(last, encode(text), { mode: 0o644 }, this.#process));
    return true;
  }

  lastReserved(range: number): Address | undefined {
    const text = this.#read(`${LAST}${range}`);
    return text === undefined ? undefined : parseAddress(text);
  }

  /** The addresses of a container's interface. */
  addressesOf(holder: Holder): Address[] {
    return this.#filesOf(holder).flatMap((name) => parseAddress(name) ?? []);
  }

  release(holder: Holder): void {
    for (const name of this.#filesOf(holder))
      attempt(() => this.#process.host.files.unlink(`${this.#directory}/${name}`, this.#process));
  }

  /** Files of former versions name the container alone. */
  #filesOf(holder: Holder): string[] {
    const { files } = this.#process.host;
    const held = encode(content(holder));
    const own: string[] = [];
    const former: string[] = [];
    for (const [name, data] of files.contents(this.#directory, this.#process)) {
      // Most belong to others.
      if (!data.includes(holder.containerId)) continue;
      if (data.trim() === held) own.push(name);
      else if (data.trim() === holder.containerId) former.push(name);
    }
    return (own.length > 0 ? own : former).sort();
  }

  #read(name: string): string | undefined {
    const data = attempt(() => this.#process.host.files.read(`${this.#directory}/${name}`, this.#process));
    return data instanceof Errno ? undefined : decode(data);
  }

  #try(call: string, path: string, work: () => void): void {
    const error = attempt(work);
    if (error instanceof Errno) throw failed(call, path, error);
  }
}

function content({ containerId, ifName }: Holder): string {
  return `${containerId}${LINE_BREAK}${ifName}`;
}

function failed(call: string, path: string, error: Errno): CniError {
  return new CniError(`${call} ${path}: ${error.message.toLowerCase()}`);
}
