import type { Process } from "../../sim/host/index.ts";
import { findLink, listLinks, namespaceOf, networkOfHosts, type LinkRow, type Namespace } from "../../sim/net/index.ts";
import { Output } from "../gnu/output.ts";
import { Exit } from "./exit.ts";
import { routeNames, type RouteNames } from "./names.ts";
import { requireAdmin } from "./permission.ts";
import type { Family } from "./prefix.ts";
import { Printer, type PrinterOptions } from "./printer.ts";

export interface IpOptions extends PrinterOptions {
  readonly family: Family | "link" | undefined;
  readonly details: boolean;
  /** How often `-s` was given. */
  readonly stats: number;
  readonly human: boolean;
  /** `-iec`: numbers for people count in powers of 1024. */
  readonly binary: boolean;
  readonly brief: boolean;
  readonly all: boolean;
  readonly resolve: boolean;
  /** `-N`: numbers in the place of names. */
  readonly numeric: boolean;
}

/** One run of `ip` or `bridge`: who runs it, in which namespace, and how it is to print. */
export class IpCall {
  readonly process: Process;
  readonly ns: Namespace;
  readonly options: IpOptions;
  readonly printer: Printer;
  readonly names: RouteNames;
  readonly #out: Output;

  constructor(process: Process, ns: Namespace | undefined, options: IpOptions) {
    this.process = process;
    this.ns = ns ?? namespaceOf(process);
    this.options = options;
    this.printer = new Printer(options);
    this.names = routeNames(process.host, options.numeric);
    this.#out = new Output(process);
  }

  /** The IP family that was asked for with -4, -6 or -f. */
  get family(): Family | undefined {
    return this.options.family === "link" ? undefined : this.options.family;
  }

  /** Writes what was printed so far. */
  async flush(): Promise<void> {
    await this.#out.print(this.printer.take());
    await this.#out.flush();
  }

  /** Writes a warning; on a terminal it comes behind what was printed before. */
  async warn(text: string): Promise<void> {
    if (this.process.isTty(1)) await this.flush();
    await this.process.error(text);
  }

  requireAdmin(): void {
    requireAdmin(this.process);
  }

  /** The link of that name, or `if7` (ll_name_to_index). */
  findLink(name: string): LinkRow | undefined {
    const number = /^if(\d+)$/.exec(name)?.[1];
    return findLink(this.ns, name) ?? (number === undefined ? undefined : this.ns.links.get(Number(number)));
  }

  /** The link of that name; ends the program if there is none (nodev). */
  mustFindLink(name: string, status = 1): LinkRow {
    const link = this.findLink(name);
    if (link) return link;
    throw new Exit(status, `Cannot find device "${name}"\n`);
  }

  linkName(index: number): string {
    return this.ns.links.get(index)?.name ?? `if${index}`;
  }

  links(): LinkRow[] {
    return listLinks(this.ns);
  }

  /** The namespace that `ip netns add` gave this name on this machine. */
  namedNamespace(name: string): Namespace | undefined {
    return networkOfHosts(this.process.host.hosts).named(this.process.machine.name, name);
  }
}
