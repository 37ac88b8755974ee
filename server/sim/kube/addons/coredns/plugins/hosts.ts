import { SECOND, type Duration, type Time } from "../../../../kernel/index.ts";
import { addressText, isIPv4, parseAddress, type DnsRecord } from "../../../../net/index.ts";
import { addressOfReverse, fqdn, matchingZone } from "../corefile/zone.ts";
import { fallZones, once, type BlockView, type Plugin } from "../plugin.ts";
import { failed, written } from "../reply.ts";
import { readDuration } from "./duration.ts";

interface HostsConfig {
  readonly path: string;
  readonly zones: readonly string[];
  readonly inline: string;
  readonly fall: readonly string[];
  readonly ttl: number;
  readonly reverse: boolean;
  /** How often the file is read again; 0: never. */
  readonly reload: Duration;
}

/** The file as it was read last. Plain data. */
interface FileText {
  readonly text: string;
  readonly readAt: Time;
}

/** Names and addresses of a hosts file. */
interface HostsMap {
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  readonly names: ReadonlyMap<string, readonly string[]>;
}

/** hosts: answers from a hosts file and lines in the Corefile (plugin/hosts). */
export const hosts: Plugin<HostsConfig> = {
  name: "hosts",
  setup(c) {
    let config: HostsConfig | undefined;
    once(c, () => {
      const args = c.remainingArgs();
      const given = args.shift();
      const path = given === undefined ? undefined : c.path(given);
      if (path !== undefined && !c.host.files.exists(path))
        c.log("WARNING", `plugin/hosts: File does not exist: ${path}`);
      const zones = c.zonesOr(args);
      const inline: string[] = [];
      let fall: readonly string[] = [];
      let [ttl, reverse, reload] = [3600, true, 5 * SECOND];
      while (c.nextBlock()) {
        const property = c.value;
        const rest = c.remainingArgs();
        const [first] = rest;
        if (property === "fallthrough") fall = fallZones(rest);
        else if (property === "no_reverse") reverse = false;
        else if (property === "ttl") {
          if (first === undefined) throw c.error("ttl needs a time in second");
          if (!/^[-+]?\d+$/.test(first)) throw c.error("ttl needs a number of second");
          ttl = Number(first);
          if (ttl <= 0 || ttl > 65_535) throw c.error("ttl provided is invalid");
        } else if (property === "reload") {
          if (rest.length !== 1) throw c.error("reload needs a duration (zero seconds to disable)");
          try {
            reload = readDuration(first!);
          } catch {
            throw c.error(`invalid duration for reload '${first!}'`);
          }
          if (reload < 0) throw c.error(`invalid negative duration for reload '${first!}'`);
        } else if (fall.length > 0) throw c.error(`unknown property '${property}'`);
        else inline.push([property, ...rest].join(" "));
      }
      config = { path: path ?? "/etc/hosts", zones, inline: inline.join("\n"), fall, ttl, reverse, reload };
    });
    return config!;
  },
  started(config, block) {
    read(config, block);
  },
  serve(config, block, next) {
    const inline = parse(config.inline, config);
    let known: { text: string; map: HostsMap } | undefined;
    const fromFile = (): HostsMap => {
      const { text } = current(config, block);
      if (known?.text !== text) known = { text, map: parse(text, config) };
      return known.map;
    };
    return (query) => {
      const { name, type } = query;
      if (matchingZone(config.zones, name) === undefined && type !== "PTR") return next(query);
      const file = fromFile();
      const both = (key: string, from: "addresses" | "names"): string[] => [
        ...(file[from].get(key) ?? []),
        ...(inline[from].get(key) ?? []),
      ];
      if (type === "PTR") {
        const address = addressOfReverse(name);
        const names = address === undefined ? [] : both(address, "names");
        if (names.length === 0) return next(query);
        const answers = names.map((target): DnsRecord => ({ name, ttl: config.ttl, type, target }));
        return written(query, { authoritative: true, answers });
      }
      const addresses = both(name, "addresses");
      // Without a SOA to put into an NXDOMAIN the plugin says that it failed.
      if (addresses.length === 0)
        return matchingZone(config.fall, name) === undefined ? failed("SERVFAIL") : next(query);
      const answers = addresses.flatMap((address): DnsRecord[] => {
        const family = isIPv4(parseAddress(address)!) ? "A" : "AAAA";
        return family === type ? [{ name, ttl: config.ttl, type: family, address }] : [];
      });
      return written(query, { authoritative: true, answers });
    };
  },
};

function read({ path }: HostsConfig, { instance, index }: BlockView): FileText {
  const row = { text: instance.self.host.readText(path) ?? "", readAt: instance.self.kernel.now };
  instance.table<string, FileText>("hosts").set(String(index), row);
  return row;
}

/** The file's text, read again if a time to do so has passed. */
function current(config: HostsConfig, block: BlockView): FileText {
  const { instance, index } = block;
  const row = instance.table<string, FileText>("hosts").get(String(index));
  if (!row) return read(config, block);
  if (config.reload === 0) return row;
  const rounds = (time: Time): number => Math.floor((time - instance.started) / config.reload);
  return rounds(instance.self.kernel.now) > rounds(row.readAt) ? read(config, block) : row;
}

function parse(text: string, { zones, reverse }: HostsConfig): HostsMap {
  const addresses = new Map<string, string[]>();
  const names = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [word = "", ...all] = line.replace(/#.*/, "").trim().split(/\s+/);
    const address = parseAddress(word.replace(/%.*/, ""));
    if (address === undefined) continue;
    const shown = addressText(address);
    for (const name of all.map((each) => fqdn(each.toLowerCase()))) {
      if (matchingZone(zones, name) === undefined) continue;
      addresses.set(name, [...(addresses.get(name) ?? []), shown]);
      if (reverse) names.set(shown, [...(names.get(shown) ?? []), name]);
    }
  }
  return { addresses, names };
}
