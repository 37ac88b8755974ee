import { attempt, dirname, Errno, type DaemonProcess } from "../../../../host/index.ts";
import { decode, type Duration, type Table } from "../../../../kernel/index.ts";
import { CorefileError, NotSimulated } from "../corefile/corefile-error.ts";
import { pluginNamed } from "../plugins/index.ts";
import { viewOf } from "../plugins/view.ts";
import { configure, digestOf, write, type Corefile } from "./configure.ts";
import type { CoreDns } from "./core-dns.ts";
import type { Instance, InstanceConfig } from "./instance.ts";
import type { CoreDnsRow } from "./row.ts";
import { closeOtherSockets, openSockets, pluginSockets, serverSockets } from "./sockets.ts";

const LOOK = "coredns/look";

/**
 * The reload plugin: it looks at the Corefile at fixed times (plugin/reload/reload.go). Looks that would find nothing are not
 * made: one is planned for the next such time when something in the file's directory has changed.
 */
export class Reloader {
  readonly #coreDns: CoreDns;
  readonly #rows: Table<string, CoreDnsRow>;
  readonly #watches = new Map<string, () => void>();

  constructor(coreDns: CoreDns, rows: Table<string, CoreDnsRow>) {
    this.#coreDns = coreDns;
    this.#rows = rows;
    coreDns.kernel.handle(LOOK, (key: string) => this.#look(key));
    for (const [key, row] of rows) if (row.phase === "serving") this.#watch(key);
  }

  /** An instance has started: it tells what runs, and watches the file. */
  started(key: string, instance: Instance): void {
    tellPlugins(instance);
    if (intervalOf(instance.config) === undefined) return this.forget(key);
    instance.log("INFO", `plugin/reload: Running configuration SHA512 = ${instance.config.digest}`);
    instance.metrics.set("coredns_reload_version_info", { hash: "sha512", value: instance.config.digest }, 1);
    this.#watch(key);
  }

  forget(key: string): void {
    this.#watches.get(key)?.();
    this.#watches.delete(key);
  }

  /** SIGUSR1: whatever the file says now is started. */
  signalled(self: DaemonProcess, key: string): void {
    write(self, "INFO", "SIGUSR1: Reloading");
    const row = this.#rows.get(key);
    const text = row && readText(self, row.path);
    if (!row || row.phase !== "serving" || text === undefined) return;
    const error = this.#restart(self, key, { path: row.path, text, port: row.port });
    if (error !== undefined) write(self, "ERROR", `SIGUSR1: ${error}`);
  }

  #watch(key: string): void {
    this.forget(key);
    const row = this.#rows.get(key);
    const running = this.#coreDns.find(key);
    if (!row || !running || intervalOf(row.config) === undefined) return;
    const { host } = running.instance.self;
    const place = attempt(() => host.files.locate(dirname(row.path)));
    if (place instanceof Errno || !place) return;
    this.#watches.set(
      key,
      host.hosts.watchInode(place.id, place.ino, () => this.#plan(key, false)),
    );
  }

  /** The next time at which the plugin looks. */
  #plan(key: string, again: boolean): void {
    const row = this.#rows.get(key);
    const interval = row && intervalOf(row.config);
    if (!row || interval === undefined || row.looking || row.phase !== "serving") return;
    this.#rows.set(key, { ...row, looking: true });
    const { kernel } = this.#coreDns;
    const rounds = Math.floor((kernel.now - row.started) / interval) + 1;
    kernel.at(row.started + rounds * interval, LOOK, key, { periodic: again });
  }

  #look(key: string): void {
    const row = this.#rows.get(key);
    const self = this.#coreDns.find(key)?.instance.self;
    if (!row || !self) return;
    const { looking: _, ...rest } = row;
    this.#rows.set(key, rest);
    const text = row.phase === "serving" ? readText(self, row.path) : undefined;
    if (text === undefined) return;
    const corefile: Corefile = { path: row.path, text, port: row.port };
    let digest: string;
    try {
      digest = digestOf(self, corefile);
    } catch (error) {
      if (!(error instanceof CorefileError)) throw error;
      write(self, "WARNING", `plugin/reload: Corefile parse failed: ${error.message}`);
      return this.#plan(key, true);
    }
    if (digest === row.tried) return;
    this.#rows.set(key, { ...rest, tried: digest });
    const error = this.#restart(self, key, corefile);
    if (error === undefined) return;
    write(self, "ERROR", `plugin/reload: Corefile changed but reload failed: ${error}`);
    this.#coreDns.find(key)?.instance.metrics.add("coredns_reload_failed_total", {});
  }

  /** Starts another configuration in place of the running one, which stays if that fails (caddy.go Restart). */
  #restart(self: DaemonProcess, key: string, corefile: Corefile): string | undefined {
    write(self, "INFO", "Reloading");
    const old = this.#rows.get(key)!.config;
    let config: InstanceConfig;
    try {
      config = configure(self, corefile);
    } catch (error) {
      if (!(error instanceof CorefileError || error instanceof NotSimulated)) throw error;
      return failed(self, error.message);
    }
    const wanted = [...pluginSockets(config), ...serverSockets(config)];
    const error = openSockets(self, wanted);
    if (error !== undefined) {
      closeOtherSockets(self, [...pluginSockets(old), ...serverSockets(old)]);
      return failed(self, `Listen: ${error}`);
    }
    closeOtherSockets(self, wanted);
    this.#coreDns.replace(key, config);
    write(self, "INFO", "Reloading complete");
    return undefined;
  }
}

function failed(self: DaemonProcess, message: string): string {
  write(self, "ERROR", `Restart failed: ${message}`);
  return `starting with listener file descriptors: ${message}`;
}

function intervalOf({ blocks }: InstanceConfig): Duration | undefined {
  return blocks.flatMap(({ plugins }) => plugins).findLast(({ name }) => name === "reload")?.config as
    | Duration
    | undefined;
}

function readText(self: DaemonProcess, path: string): string | undefined {
  const data = attempt(() => self.host.files.read(path, self));
  return data instanceof Errno ? undefined : decode(data);
}

/** What the metrics say from the start: the build, and which plugins serve which zone. */
function tellPlugins({ metrics, config }: Instance): void {
  metrics.set("coredns_build_info", { goversion: "go1.23.3", revision: "51e11f1", version: "1.12.0" }, 1);
  metrics.add("coredns_panics_total", {}, 0);
  metrics.add("coredns_forward_max_concurrent_rejects_total", {}, 0);
  metrics.add("coredns_reload_failed_total", {}, 0);
  for (const { addresses, plugins, listen } of config.blocks) {
    const view = viewOf({ plugins })?.name ?? "";
    for (const { transport, zone, port } of addresses) {
      const server = `${transport}://${listen[0] ?? ""}:${port}`;
      for (const { name } of plugins)
        if (pluginNamed(name)?.serve) metrics.set("coredns_plugin_enabled", { name, server, view, zone }, 1);
    }
  }
}
