import type { Bytes } from "../../kernel/index.ts";
import { Errno } from "../errno.ts";
import type { Host } from "../host.ts";
import { TtyFile } from "../tty/tty-file.ts";
import { OpenFile } from "./open-file.ts";
import type { Process } from "./process.ts";

/** Opens a device by the name of its driver. */
export function deviceFile(
  host: Host,
  path: string,
  device: string,
  as: { readonly tty?: { readonly name: string } | undefined },
): OpenFile {
  if (device === "tty") {
    const tty = as.tty && host.machine.tty(as.tty.name);
    if (!tty) throw new Errno("ENXIO", path);
    return new TtyFile(tty);
  }
  if (device === "null" || device === "zero" || device === "full" || device === "random" || device === "urandom")
    return new MemoryDevice(host, path, device);
  throw new Errno("ENXIO", path);
}

/** /dev/null and its kin. */
class MemoryDevice extends OpenFile {
  readonly name: string;
  readonly #host: Host;
  readonly #device: "null" | "zero" | "full" | "random" | "urandom";

  constructor(host: Host, name: string, device: "null" | "zero" | "full" | "random" | "urandom") {
    super();
    this.#host = host;
    this.name = name;
    this.#device = device;
  }

  override read(_process: Process, max: number): Bytes {
    if (this.#device === "null") return "";
    if (this.#device === "zero" || this.#device === "full") return "\0".repeat(Math.min(max, 65_536));
    const { random } = this.#host.kernel;
    let bytes = "";
    while (bytes.length < Math.min(max, 4096)) bytes += String.fromCharCode(random.uint32("dev/random") & 0xff);
    return bytes;
  }

  override write(_process: Process, data: Bytes): void {
    this.writeNow(data);
  }

  override writeNow(_data: Bytes): void {
    if (this.#device === "full") throw new Errno("ENOSPC");
  }
}
