import { MINUTE, type Duration, type Time } from "../../../../kernel/index.ts";
import { goDuration } from "../../../api/index.ts";
import { matchingZone } from "../corefile/zone.ts";
import { fallZones, type BlockView, type Controller, type Outcome, type Plugin, type Serve } from "../plugin.ts";
import type { Query } from "../query.ts";
import { failed, written } from "../reply.ts";
import { Zone } from "../zone-file/zone.ts";
import { readDuration } from "./duration.ts";

interface FileConfig {
  readonly path: string;
  readonly zones: readonly string[];
  /** How often the file is read again; 0: never. */
  readonly reload: Duration;
  readonly fall: readonly string[];
}

/** A zone file as it was read last. Plain data. */
interface FileText {
  readonly text: string;
  readonly serial: number;
  readonly readAt: Time;
}

/** file: zones from files (plugin/file). */
export const file: Plugin<readonly FileConfig[]> = {
  name: "file",
  setup(c) {
    const all: FileConfig[] = [];
    while (c.next()) all.push(readFile(c));
    return all;
  },
  serve(configs, block, next) {
    const sources = configs.map((config, index) => new Source(config, block, index));
    const zones = configs.flatMap((config) => config.zones);
    return (query) => {
      const origin = matchingZone(zones, query.name);
      const source = origin === undefined ? undefined : sources.find(({ config }) => config.zones.includes(origin));
      if (origin === undefined || !source) return next(query);
      const zone = source.zone(origin);
      if (!zone) return failed("SERVFAIL");
      return zoneAnswer(zone, query, block) ?? fallen(source.config.fall, zone, query, next);
    };
  },
};

function fallen(fall: readonly string[], zone: Zone, query: Query, next: Serve): Outcome {
  return matchingZone(fall, query.name) === undefined ? noSuchName(zone, query) : next(query);
}

/** What a zone answers; undefined: it has no such name. */
export function zoneAnswer(zone: Zone, query: Query, block: BlockView): Outcome | undefined {
  const { result, answers, authorities, additionals, outside } = zone.lookup(query.name, query.type);
  if (result === "no name") return undefined;
  const more = outside === undefined ? undefined : block.instance.lookup(query, outside, query.type);
  // Owners are written as the client asked for them.
  const own = answers.map((record) => (record.name === query.name ? { ...record, name: query.qname } : record));
  return written(query, {
    authoritative: result !== "delegation",
    answers: [...own, ...(more?.answers ?? [])],
    authorities,
    additionals,
  });
}

export function noSuchName(zone: Zone, query: Query): Outcome {
  return written(query, { authoritative: true, rcode: "NXDOMAIN", authorities: [zone.soa] });
}

/** A zone file and what was read of it. */
class Source {
  readonly config: FileConfig;
  readonly #block: BlockView;
  readonly #key: string;
  readonly #zones = new Map<string, { readonly text: string; readonly zone: Zone }>();

  constructor(config: FileConfig, block: BlockView, index: number) {
    this.config = config;
    this.#block = block;
    this.#key = `${block.index}/${index}`;
  }

  zone(origin: string): Zone | undefined {
    const text = this.#text(origin);
    if (text === undefined) return undefined;
    const known = this.#zones.get(origin);
    if (known?.text === text) return known.zone;
    const zone = new Zone(text, origin, this.config.path);
    this.#zones.set(origin, { text, zone });
    return zone;
  }

  /** The file's text, read again when it is time to; another text counts if its serial is another. */
  #text(origin: string): string | undefined {
    const { instance } = this.#block;
    const { reload, path } = this.config;
    const table = instance.table<string, FileText>("file");
    const row = table.get(this.#key);
    const { now } = instance.self.kernel;
    const rounds = (time: Time): number => (reload === 0 ? 0 : Math.floor((time - instance.started) / reload));
    if (row && rounds(now) === rounds(row.readAt)) return row.text;
    const text = instance.self.host.readText(path);
    if (text === undefined) return row?.text;
    let serial: number;
    try {
      ({ serial } = new Zone(text, origin, path).soa);
    } catch (error) {
      instance.log(
        "ERROR",
        `plugin/file: Failed to load zone ${JSON.stringify(origin)} in ${JSON.stringify(path)}: ${(error as Error).message}`,
      );
      if (row) table.set(this.#key, { ...row, readAt: now });
      return row?.text;
    }
    if (row && row.serial === serial) {
      table.set(this.#key, { ...row, readAt: now });
      return row.text;
    }
    if (row)
      instance.log(
        "INFO",
        `plugin/file: Successfully reloaded zone ${JSON.stringify(origin)} in ${JSON.stringify(path)} with ${serial} SOA serial`,
      );
    table.set(this.#key, { text, serial, readAt: now });
    return text;
  }
}

function readFile(c: Controller): FileConfig {
  if (!c.nextArg()) throw c.argumentError();
  const path = c.path(c.value);
  const zones = c.zonesOr(c.remainingArgs());
  let [reload, fall] = [MINUTE, [] as readonly string[]];
  while (c.nextBlock()) {
    if (c.value === "reload") {
      const [span] = c.remainingArgs();
      if (span === undefined) throw c.argumentError();
      reload = readDuration(span);
    } else if (c.value === "fallthrough") fall = fallZones(c.remainingArgs());
    else if (c.value === "upstream") c.remainingArgs();
    else throw c.error(`unknown property '${c.value}'`);
  }
  const text = c.host.readText(path);
  if (text === undefined) {
    const why = `open ${path}: no such file or directory`;
    if (reload === 0) throw new Error(why);
    c.log("WARNING", `plugin/file: Failed to open ${JSON.stringify(why)}: trying again in ${goDuration(reload)}`);
  } else for (const zone of zones) Zone.check(text, zone, path);
  return { path, zones, reload, fall };
}
