import type { Host } from "../../../host/index.ts";
import type { Duration, Kernel } from "../../../kernel/index.ts";
import type { DnsMessage, Namespace, Rcode } from "../../../net/index.ts";
import { Dispenser } from "./corefile/dispenser.ts";
import type { Token } from "./corefile/lexer.ts";
import { normalizeZones, type ZoneAddress } from "./corefile/zone.ts";
import type { Query } from "./query.ts";
import type { Instance } from "./server/instance.ts";

export type Level = "INFO" | "WARNING" | "ERROR" | "DEBUG";

/**
 * What became of a query in a plugin and those behind it: plugin.Handler's two results and what went to the client. Without a
 * message the server writes one for the errors that plugins leave to it.
 */
export interface Outcome {
  readonly message?: DnsMessage;
  readonly rcode: Rcode;
  readonly error?: string;
}

export type Serve = (query: Query) => Outcome;

/**
 * One directive of a Corefile. `setup` reads it into plain data, once; from that the handler is made anew after restore and
 * fork. What a plugin must remember is in tables of its instance.
 */
export interface Plugin<Config> {
  readonly name: string;
  /** Throws a CorefileError, or an Error whose message follows `plugin/name: `. */
  readonly setup: (c: Controller) => Config;
  /** Its place in the chain of handlers; plugins without one only set something up. */
  readonly serve?: (config: Config, block: BlockView, next: Serve) => Serve;
  /** What happens when the instance starts, behind the listening sockets' opening. */
  readonly started?: (config: Config, block: BlockView) => void;
}

/** What a plugin knows of the server block that it stands in. */
export interface BlockView {
  readonly instance: Instance;
  /** Its place in the Corefile; part of the names of the plugins' tables. */
  readonly index: number;
  readonly addresses: readonly ZoneAddress[];
  /** Addresses given with `bind`; `""` for all. */
  readonly listen: readonly string[];
}

/** A directive under setup, and what it may ask about its surroundings: caddy.Controller. */
export class Controller extends Dispenser {
  readonly addresses: readonly ZoneAddress[];
  readonly host: Host;
  readonly ns: Namespace;
  readonly kernel: Kernel;
  readonly directives: ReadonlySet<string>;
  readonly env: Readonly<Record<string, string>>;
  /** What the root plugin names; empty without it. */
  readonly root: string;
  readonly #log: (level: Level, message: string) => void;

  constructor(
    filename: string,
    tokens: readonly Token[],
    around: {
      addresses: readonly ZoneAddress[];
      host: Host;
      ns: Namespace;
      directives: ReadonlySet<string>;
      env: Readonly<Record<string, string>>;
      root: string;
      log: (level: Level, message: string) => void;
    },
  ) {
    super(filename, tokens);
    this.addresses = around.addresses;
    this.host = around.host;
    this.ns = around.ns;
    this.kernel = around.host.kernel;
    this.directives = around.directives;
    this.env = around.env;
    this.root = around.root;
    this.#log = around.log;
  }

  /** The zones of the server block. */
  get zones(): string[] {
    return this.addresses.map(({ zone }) => zone);
  }

  /** Zones given as arguments, else those of the server block (plugin.OriginsFromArgsOrServerBlock). */
  zonesOr(args: readonly string[]): string[] {
    return args.length === 0 ? this.zones : args.flatMap(normalizeZones);
  }

  /** A path as the process finds it: a relative one begins at the root plugin's folder, else where CoreDNS runs. */
  path(text: string): string {
    return text.startsWith("/") ? text : `${this.root.replace(/\/$/, "")}/${text}`;
  }

  log(level: Level, message: string): void {
    this.#log(level, message);
  }
}

/** A plugin that may stand in a server block only once. */
export function once(c: Controller, read: () => void): void {
  for (let count = 0; c.next(); count++) {
    if (count > 0) throw new Error("this plugin can only be used once per Server Block");
    read();
  }
}

/** Zones for which a plugin lets queries that it has no answer to pass on: plugin/pkg/fall. Undefined: none. */
export function fallZones(args: readonly string[]): string[] {
  return args.length === 0 ? ["."] : args.flatMap(normalizeZones);
}

/** `30s` in microseconds, in Go's words if it is none. */
export function duration(text: string, parse: (text: string) => Duration | undefined): Duration {
  const span = parse(text);
  if (span === undefined) throw new Error(goDurationError(text));
  return span;
}

function goDurationError(text: string): string {
  const quoted = JSON.stringify(text);
  if (/^[-+]?\d*\.?\d+$/.test(text)) return `time: missing unit in duration ${quoted}`;
  const unit = /^[-+]?\d*\.?\d+([^\d.]+)/.exec(text)?.[1];
  return unit === undefined
    ? `time: invalid duration ${quoted}`
    : `time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`;
}

/** strconv.Atoi, with its error's words. */
export function integer(text: string): number {
  if (!/^[-+]?\d+$/.test(text)) throw new Error(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}
