import type { DaemonProcess } from "../../../../host/index.ts";
import { MILLISECOND, type Duration, type Table, type Time } from "../../../../kernel/index.ts";
import { namespaceOf, type DnsMessage, type Namespace, type RecordType } from "../../../../net/index.ts";
import type { ZoneAddress } from "../corefile/zone.ts";
import type { KubernetesObjects } from "../kubernetes/objects.ts";
import type { BlockView, Level, Serve } from "../plugin.ts";
import { failed } from "../reply.ts";
import { pluginNamed } from "../plugins/index.ts";
import { takes, viewOf } from "../plugins/view.ts";
import type { Query } from "../query.ts";
import { Metrics } from "./metrics.ts";
import { ProcessGone } from "./process-gone.ts";

/** One server block after setup. Plain data. */
export interface BlockConfig {
  readonly addresses: readonly ZoneAddress[];
  readonly listen: readonly string[];
  readonly plugins: readonly { readonly name: string; readonly config: unknown }[];
}

/** A Corefile after setup: what runs. Plain data. */
export interface InstanceConfig {
  readonly blocks: readonly BlockConfig[];
  readonly digest: string;
}

/** The name of a server as metrics call it: `dns://:53`. */
export function serverName(transport: string, address: string, port: string): string {
  return `${transport}://${address.includes(":") ? `[${address}]` : address}:${port}`;
}

/** The chain of plugins of one block, and which queries it takes. */
interface BlockChain {
  readonly serve: Serve;
  readonly view: ReturnType<typeof viewOf>;
}

const LOG = "coredns/log";

/** Plugins that answer nothing themselves. */
const BYSTANDERS: ReadonlySet<string> = new Set([
  "errors",
  "log",
  "prometheus",
  "loadbalance",
  "bufsize",
  "header",
  "loop",
]);

/** The running configuration of one CoreDNS process: a view, made anew after restore and fork. */
export class Instance {
  readonly self: DaemonProcess;
  readonly config: InstanceConfig;
  /** When it took over; tells events of earlier ones apart. */
  readonly started: Time;
  readonly objects: KubernetesObjects;
  readonly blocks: readonly BlockView[];
  readonly metrics: Metrics;
  /** By server and zone: the chain of plugins. */
  readonly #servers = new Map<string, Map<string, BlockChain[]>>();
  readonly #chains: readonly Serve[];
  /** How many queries of this process are under way within each other, because they come back to it. */
  depth = 0;
  /** Set while queries go round in circles, so that the recursion ends. */
  goesRound = false;

  constructor(self: DaemonProcess, config: InstanceConfig, started: Time, objects: KubernetesObjects) {
    this.self = self;
    this.started = started;
    this.config = config;
    this.objects = objects;
    this.metrics = new Metrics(self.kernel.state.table(`coredns/${this.key}/metrics`, { quiet: true }));
    this.blocks = config.blocks.map(({ addresses, listen }, index) => ({ instance: this, index, addresses, listen }));
    this.#chains = config.blocks.map((block, index) => this.#chain(block, this.blocks[index]!));
    config.blocks.forEach(({ addresses, listen, plugins }, index) => {
      const own = { serve: this.#chains[index]!, view: viewOf({ plugins }) };
      for (const { transport, zone, port } of addresses) {
        for (const address of listen) {
          const name = serverName(transport, address, port);
          if (!this.#servers.has(name)) this.#servers.set(name, new Map());
          const zones = this.#servers.get(name)!;
          zones.set(zone, [...(zones.get(zone) ?? []), own]);
        }
      }
    });
  }

  get key(): string {
    return `${this.self.host.machine.name}/${this.self.pid}`;
  }

  get ns(): Namespace {
    return namespaceOf(this.self);
  }

  /** The chain of plugins for a name at a server: the longest zone counts (core/dnsserver server.go ServeDNS). */
  chain(query: Query): Serve | undefined {
    const { name, type } = query;
    const zones = this.#servers.get(query.server);
    if (!zones) return undefined;
    let parent: Serve | undefined;
    for (let rest = name; ; rest = rest.slice(rest.indexOf(".") + 1)) {
      const found = zones.get(rest === "" ? "." : rest)?.find(({ view }) => takes(view, query))?.serve;
      if (found) {
        // A DS record belongs to the parent zone.
        if (type !== "TYPE43") return found;
        parent = found;
      }
      if (rest === "" || rest === ".") return parent;
    }
  }

  /** A query of the server itself goes through all plugins (plugin/pkg/upstream Lookup). */
  lookup(query: Query, name: string, type: RecordType): DnsMessage | undefined {
    const inner = query.about(name, type);
    return this.chain(inner)?.(inner).message;
  }

  #chain(block: BlockConfig, view: BlockView): Serve {
    const handlers = block.plugins.filter(({ name }) => pluginNamed(name)?.serve);
    return (
      handlers.reduceRight<{ serve: Serve | undefined }>(
        ({ serve }, { name, config }) => {
          const next = serve ?? (() => failed("SERVFAIL", `plugin/${name}: no next plugin found`));
          const own = pluginNamed(name)!.serve!(config, view, next);
          if (BYSTANDERS.has(name)) return { serve: own };
          const answered = { plugin: name };
          return {
            serve: (query) => {
              query.trail.answered = answered;
              return own(query);
            },
          };
        },
        { serve: undefined },
      ).serve ?? (() => failed("REFUSED"))
    );
  }

  // What plugins use

  /** A table of the instance; its rows are gone when it stops, or a new one takes its place. */
  table<K extends string, V>(name: string): Table<K, V> {
    return this.self.kernel.state.table(`coredns/${this.key}/instance/${name}`, { quiet: true });
  }

  random(stream: string, below: number): number {
    return this.self.kernel.random.below(`coredns/${this.key}/${stream}`, below);
  }

  /** Counts up from 0. */
  counter(name: string): number {
    const table = this.table<string, number>("counters");
    const count = table.get(name) ?? 0;
    table.set(name, count + 1);
    return count;
  }

  ephemeralPort(): number {
    return 32_768 + this.random("port", 28_232);
  }

  /** What it takes to answer without asking anybody: 60 to 300 microseconds. */
  thinking(): Duration {
    return MILLISECOND * 0.06 + this.random("thinking", 240_000) / 1000;
  }

  log(level: Level, message: string): void {
    this.self.log(`[${level}] ${message}`, 1);
  }

  /** A line that is written when it is that late: a query took its time. */
  logAt(time: Time, level: Level, message: string): void {
    const delay = Math.round(time - this.self.kernel.now);
    if (delay < MILLISECOND) return this.log(level, message);
    const { machine, name } = { machine: this.self.host.machine.name, name: this.self.host.name };
    const args: LateLine = { machine, host: name, pid: this.self.pid, line: `[${level}] ${message}` };
    this.self.kernel.after(delay, LOG, args, { periodic: true });
  }

  /** log.Fatal: the process ends with its last words. */
  fatal(message: string): never {
    this.self.log(`[FATAL] ${message}`, 1);
    this.self.exit(1);
    throw new ProcessGone();
  }

  stopIfGone(): void {
    if (!this.self.alive) throw new ProcessGone();
  }
}

export interface LateLine {
  readonly machine: string;
  readonly host: string;
  readonly pid: number;
  readonly line: string;
}

export const LATE_LINE = LOG;
