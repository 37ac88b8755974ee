import { DaemonProcess, Part, type Hosts } from "../../../../host/index.ts";
import { MILLISECOND, MINUTE, SECOND, type Duration, type Kernel, type Table } from "../../../../kernel/index.ts";
import { clustersOf } from "../../../cluster/cluster.ts";
import { CorefileError, NotSimulated } from "../corefile/corefile-error.ts";
import { ApiWatch } from "../kubernetes/api-watch.ts";
import { KubernetesObjects } from "../kubernetes/objects.ts";
import type { KubernetesConfig } from "../kubernetes/config.ts";
import type { HealthConfig } from "../plugins/health.ts";
import { CONSOLIDATED, tellConsolidated, type ConsolidatedEvent } from "../plugins/errors.ts";
import { LOOP, probeLoop, type LoopEvent } from "../plugins/loop.ts";
import { pluginNamed } from "../plugins/index.ts";
import { configure, write, type Corefile } from "./configure.ts";
import { Instance, LATE_LINE, type InstanceConfig, type LateLine } from "./instance.ts";
import { Reloader } from "./reloader.ts";
import { rowKey, type CoreDnsRow } from "./row.ts";
import { closeOtherSockets, openSockets, pluginSockets, READY_SERVER, serverSockets } from "./sockets.ts";

const WAIT = "coredns/wait";
const WATCH = "coredns/watch";
const END = "coredns/end";

/** How often it says that it waits for the API server, and for how long it does. */
const WAIT_STEP = SECOND / 2;
const WAIT_FOR = 5 * SECOND;
/** The first lists take so long where all is well. */
const FIRST_LIST = 200 * MILLISECOND;
/** How soon a lost watch is tried again, at first and at most: client-go's back-off. */
const RELIST = SECOND;
const RELIST_MOST = 30 * SECOND;
/** From a write to the watch event's arrival. */
const WATCH_DELAY = 10 * MILLISECOND;

interface WatchEvent {
  readonly key: string;
  /** Until the next try, if this one fails. */
  readonly wait: Duration;
}

export const VERSION = ["CoreDNS-1.12.0", "linux/amd64, go1.23.3, 51e11f1"] as const;

/** The running parts of one process, made anew when needed. */
interface Running {
  readonly instance: Instance;
  /** The kubernetes plugin's way to its API server, if that plugin is there. */
  readonly api: ApiWatch | undefined;
}

/** All CoreDNS processes of a world. One object for a world; what lasts is in the rows. */
export class CoreDns {
  readonly kernel: Kernel;
  readonly #hosts: Hosts;
  readonly #rows: Table<string, CoreDnsRow>;
  readonly #running = new Map<string, Running>();
  readonly #reloader: Reloader;

  constructor(hosts: Hosts) {
    this.#hosts = hosts;
    this.kernel = hosts.kernel;
    this.#rows = this.kernel.state.table("coredns", { quiet: true });
    const { kernel } = hosts;
    kernel.handle(WAIT, (key: string) => this.#wait(key));
    kernel.handle(WATCH, (event: WatchEvent) => this.#readWatches(event));
    kernel.handle(END, (key: string) => this.#process(key)?.exit(0));
    kernel.handle(LOOP, ({ key, started, block }: LoopEvent) => {
      const running = this.find(key);
      if (running?.instance.started === started) probeLoop(running.instance.blocks[block]!);
    });
    kernel.handle(CONSOLIDATED, ({ key, started, block, at }: ConsolidatedEvent) => {
      const running = this.find(key);
      if (running?.instance.started !== started) return;
      const { plugins } = running.instance.config.blocks[block]!;
      const config = plugins.find(({ name }) => name === "errors")!.config;
      tellConsolidated(running.instance.blocks[block]!, config as Parameters<typeof tellConsolidated>[1], at);
    });
    kernel.handle(LATE_LINE, ({ machine, host, pid, line }: LateLine) => {
      const found = hosts.host(host);
      if (found && hosts.machine(machine).isAlive(pid)) new DaemonProcess(found, pid).log(line, 1);
    });
    this.#reloader = new Reloader(this, this.#rows);
    clustersOf(hosts).each((cluster) =>
      KubernetesObjects.listen(cluster.api, (kind, object, previous) => {
        for (const [key] of this.#rows) {
          const running = this.find(key);
          const objects = running?.instance.objects;
          if (objects?.row.cluster !== cluster.name || (kind === "pods" && !running?.api?.watchesPods)) continue;
          if (objects.changed(kind, object, previous))
            kernel.after(WATCH_DELAY, WATCH, { key, wait: RELIST } satisfies WatchEvent);
        }
      }),
    );
  }

  // Processes

  /** A process has read its Corefile: it opens its plugins' ports, and serves once the API server has told what there is. */
  start(self: DaemonProcess, { path, text, port }: Corefile, quiet: boolean): void {
    let config: InstanceConfig;
    try {
      config = configure(self, { path, text, port });
    } catch (error) {
      return this.#refuse(self, error);
    }
    const { machine, name: host } = self.host;
    const row: CoreDnsRow = {
      machine: machine.name,
      host,
      pid: self.pid,
      path,
      port,
      quiet,
      phase: "waiting",
      config,
      started: self.kernel.now,
      tried: config.digest,
    };
    const key = rowKey(row);
    this.#rows.set(key, row);
    const error = openSockets(self, pluginSockets(config));
    if (error !== undefined) return this.#fail(self, error);
    if (this.find(key)!.api) this.kernel.after(FIRST_LIST, WAIT, key);
    else this.#serve(key);
  }

  stopped(self: DaemonProcess): void {
    const key = rowKey({ machine: self.host.machine.name, pid: self.pid });
    this.#rows.delete(key);
    this.#running.delete(key);
    this.#reloader.forget(key);
    this.kernel.state.drop(`coredns/${key}/`);
  }

  /** What runs in a process; undefined once it has ended. */
  find(key: string): Running | undefined {
    const known = this.#running.get(key);
    if (known) return known;
    const self = this.#process(key);
    const row = this.#rows.get(key);
    if (!self || !row) return undefined;
    const table = <V>(name: string): Table<string, V> =>
      this.kernel.state.table(`coredns/${key}/instance/${name}`, { quiet: true });
    const objects = new KubernetesObjects(table("objects"), table("before"), (name) =>
      clustersOf(this.#hosts).get(name),
    );
    const instance = new Instance(self, row.config, row.started, objects);
    const kubernetes = row.config.blocks.flatMap(({ plugins }) => plugins).find(({ name }) => name === "kubernetes");
    const api = kubernetes && new ApiWatch(instance, kubernetes.config as KubernetesConfig);
    const running = { instance, api };
    this.#running.set(key, running);
    return running;
  }

  /** Whether all plugins are ready; it is not asked again once they are. */
  isReady(key: string): boolean {
    const row = this.#rows.get(key);
    const running = this.find(key);
    if (!row || !running) return false;
    if (row.ready) return true;
    if (running.api && !running.instance.objects.synced) return false;
    this.#rows.set(key, { ...row, ready: true });
    return true;
  }

  /** SIGUSR1 */
  reload(self: DaemonProcess): void {
    this.#reloader.signalled(self, rowKey({ machine: self.host.machine.name, pid: self.pid }));
  }

  /** Told to end: it stops being ready, goes on for its lame duck's time, and ends (caddy sigtrap_posix.go). */
  end(self: DaemonProcess): void {
    const key = rowKey({ machine: self.host.machine.name, pid: self.pid });
    const row = this.#rows.get(key);
    if (!row || row.phase === "waiting") return self.exit(0);
    if (row.phase === "stopping") return;
    this.#rows.set(key, { ...row, phase: "stopping" });
    closeOtherSockets(
      self,
      [...pluginSockets(row.config), ...serverSockets(row.config)].filter(
        ({ application }) => application !== READY_SERVER,
      ),
    );
    const health = row.config.blocks.flatMap(({ plugins }) => plugins).find(({ name }) => name === "health");
    const { lameduck = 0, lameduckText = "" } = (health?.config ?? {}) as Partial<HealthConfig>;
    if (lameduck <= 0) return self.exit(0);
    write(self, "INFO", `plugin/health: Going into lameduck mode for ${lameduckText}`);
    this.kernel.after(lameduck, END, key);
  }

  #process(key: string): DaemonProcess | undefined {
    const row = this.#rows.get(key);
    const host = row && this.#hosts.host(row.host);
    return host && this.#hosts.machine(row.machine).isAlive(row.pid) ? new DaemonProcess(host, row.pid) : undefined;
  }

  #update(key: string, change: Partial<CoreDnsRow>): void {
    const row = this.#rows.get(key);
    if (row) this.#rows.set(key, { ...row, ...change });
  }

  #refuse(self: DaemonProcess, error: unknown): void {
    if (error instanceof NotSimulated) {
      self.log(error.message);
      return self.exit(64);
    }
    if (!(error instanceof CorefileError)) throw error;
    this.#fail(self, error.message);
  }

  /** mustLogFatal */
  #fail(self: DaemonProcess, message: string): void {
    self.log(message);
    self.exit(1);
  }

  // Starting

  /** Waits for the first lists of the API server; not for ever (plugin/kubernetes InitKubeCache). */
  #wait(key: string): void {
    const running = this.find(key);
    const row = this.#rows.get(key);
    if (!running?.api || !row) return;
    const waited = this.kernel.now - row.started;
    if (running.api.synchronize()) {
      if (row.phase === "waiting") this.#serve(key);
      return;
    }
    running.api.tell(waited);
    if (row.phase !== "waiting") {
      this.kernel.after(waited < MINUTE ? SECOND : 10 * SECOND, WAIT, key, { periodic: true });
      return;
    }
    if (waited >= WAIT_FOR) {
      running.instance.log("WARNING", "plugin/kubernetes: starting server with unsynced Kubernetes API");
      this.#serve(key);
      if (this.#rows.has(key)) this.kernel.after(SECOND, WAIT, key, { periodic: true });
      return;
    }
    if (waited >= WAIT_STEP)
      running.instance.log("INFO", "plugin/kubernetes: waiting for Kubernetes API before starting server");
    this.kernel.at(row.started + (Math.floor(waited / WAIT_STEP) + 1) * WAIT_STEP, WAIT, key);
  }

  #serve(key: string): void {
    const { instance } = this.find(key)!;
    const { self, config } = instance;
    const error = openSockets(self, serverSockets(config));
    if (error !== undefined)
      return this.#fail(self, `${error.startsWith("listen udp") ? "ListenPacket" : "Listen"}: ${error}`);
    const row = this.#rows.get(key)!;
    this.#update(key, { phase: "serving" });
    if (!row.quiet) for (const line of zoneLines(config)) self.log(line, 1);
    startPlugins(instance);
    this.#reloader.started(key, instance);
    if (!row.quiet) for (const line of VERSION) self.log(line, 1);
  }

  /** Another configuration takes the place of the one that runs; its sockets are open. */
  replace(key: string, config: InstanceConfig): void {
    const { ready: _, looking: __, ...row } = this.#rows.get(key)!;
    this.#running.delete(key);
    this.kernel.state.drop(`coredns/${key}/instance/`);
    this.#rows.set(key, { ...row, phase: "serving", config, started: this.kernel.now, tried: config.digest });
    const { instance, api } = this.find(key)!;
    startPlugins(instance);
    if (api && !api.synchronize()) {
      instance.log("WARNING", "plugin/kubernetes: starting server with unsynced Kubernetes API");
      this.kernel.after(SECOND, WAIT, key, { periodic: true });
    }
    this.#reloader.started(key, instance);
  }

  // Watching the API server

  #readWatches({ key, wait }: WatchEvent): void {
    const running = this.find(key);
    if (!running?.api || !running.instance.objects.behind) return;
    if (running.api.isOpen) return running.instance.objects.catchUp(this.kernel.now);
    const next: WatchEvent = { key, wait: Math.min(wait * 2, RELIST_MOST) };
    this.kernel.after(wait, WATCH, next, { periodic: true });
  }
}

function startPlugins(instance: Instance): void {
  for (const block of instance.blocks)
    for (const { name, config } of instance.config.blocks[block.index]!.plugins)
      pluginNamed(name)?.started?.(config, block);
}

const CORE_DNS = new Part<CoreDns>("CoreDNS");

export function provideCoreDns(hosts: Hosts): CoreDns {
  const coreDns = new CoreDns(hosts);
  hosts.provide(CORE_DNS, coreDns);
  return coreDns;
}

export function coreDnsOf(hosts: Hosts): CoreDns {
  return hosts.part(CORE_DNS);
}

/** One line for each zone and address: `.:53`, `example.com.:53 on 10.0.0.1` (core/dnsserver onstartup.go). */
function zoneLines({ blocks }: InstanceConfig): string[] {
  const servers = new Map<string, string[]>();
  for (const { addresses, listen } of blocks)
    for (const { zone, port } of addresses)
      for (const host of listen) {
        const server = `${host}:${port}`;
        servers.set(server, [
          ...(servers.get(server) ?? []),
          host === "" ? `${zone}:${port}` : `${zone}:${port} on ${host}`,
        ]);
      }
  return [...servers.values()].flatMap((lines) => lines.sort());
}
