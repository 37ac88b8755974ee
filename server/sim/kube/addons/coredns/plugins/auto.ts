import { attempt, Errno } from "../../../../host/index.ts";
import { MINUTE, type Duration, type Time } from "../../../../kernel/index.ts";
import { fqdn, inZone, matchingZone } from "../corefile/zone.ts";
import { Pattern, replaceMatch } from "../pattern.ts";
import type { BlockView, Controller, Plugin } from "../plugin.ts";
import { Zone } from "../zone-file/zone.ts";
import { readDuration } from "./duration.ts";
import { noSuchName, zoneAnswer } from "./file.ts";

interface AutoConfig {
  readonly origins: readonly string[];
  readonly directory: string;
  readonly pattern: string;
  /** `{1}`: where the origin stands in a file's name. */
  readonly template: string;
  /** How often the directory is looked through; 0: only at the start. */
  readonly reload: Duration;
}

/** Zone files that were found, with their texts. Plain data. */
interface Walk {
  readonly at: Time;
  readonly files: Readonly<Record<string, { readonly path: string; readonly text: string }>>;
}

/** auto: zones from all files of a directory (plugin/auto). */
export const auto: Plugin<AutoConfig> = {
  name: "auto",
  setup(c) {
    let config: AutoConfig | undefined;
    while (c.next()) config = readAuto(c);
    return config!;
  },
  started(config, block) {
    walk(config, block);
  },
  serve(config, block, next) {
    const zones = new Map<string, { readonly text: string; readonly zone: Zone }>();
    const zoneOf = (origin: string, { path, text }: Walk["files"][string]): Zone => {
      const known = zones.get(origin);
      if (known?.text === text) return known.zone;
      const zone = new Zone(text, origin, path);
      zones.set(origin, { text, zone });
      return zone;
    };
    return (query) => {
      if (matchingZone(config.origins, query.name) === undefined) return next(query);
      const { files } = current(config, block);
      const origin = matchingZone(Object.keys(files), query.name);
      if (origin === undefined) return next(query);
      const zone = zoneOf(origin, files[origin]!);
      return zoneAnswer(zone, query, block) ?? noSuchName(zone, query);
    };
  },
};

/** The files as they were found last, looked for again if a time to do so has passed. */
function current(config: AutoConfig, block: BlockView): Walk {
  const { instance, index } = block;
  const row = instance.table<string, Walk>("auto").get(String(index));
  const rounds = (time: Time): number =>
    config.reload === 0 ? 0 : Math.floor((time - instance.started) / config.reload);
  return row && rounds(instance.self.kernel.now) === rounds(row.at) ? row : walk(config, block);
}

function walk({ directory, pattern, template, origins }: AutoConfig, { instance, index }: BlockView): Walk {
  const table = instance.table<string, Walk>("auto");
  const before = table.get(String(index))?.files ?? {};
  const { files: tree } = instance.self.host;
  const names = attempt(() => tree.list(directory));
  const expression = new Pattern(pattern);
  const found: Record<string, { path: string; text: string }> = {};
  for (const name of names instanceof Errno ? [] : [...names].sort()) {
    if (!expression.match(name)) continue;
    const origin = fqdn(replaceMatch(expression, template, name).toLowerCase());
    const path = `${directory}/${name}`;
    const text = instance.self.host.readText(path);
    if (text === undefined || !origins.some((zone) => inZone(origin, zone))) continue;
    try {
      Zone.check(text, origin, path);
    } catch (error) {
      instance.log("WARNING", `plugin/auto: Parse zone \`${origin}': ${(error as Error).message}`);
      continue;
    }
    if (!before[origin]) instance.log("INFO", `plugin/auto: Inserting zone \`${origin}' from: ${path}`);
    found[origin] = { path, text };
  }
  for (const origin of Object.keys(before))
    if (!found[origin]) instance.log("INFO", `plugin/auto: Deleting zone \`${origin}'`);
  const row = { at: instance.self.kernel.now, files: found };
  table.set(String(index), row);
  return row;
}

function readAuto(c: Controller): AutoConfig {
  const config = {
    origins: c.zonesOr(c.remainingArgs()),
    directory: "",
    pattern: "db\\.(.*)",
    template: "{1}",
    reload: MINUTE,
  };
  while (c.nextBlock()) {
    const property = c.value;
    if (property === "directory") readDirectory(c, config);
    else if (property === "reload") {
      const [span] = c.remainingArgs();
      if (span === undefined) throw new Error("reload duration value is expected");
      config.reload = readDuration(span);
      if (config.reload < 0) throw new Error("plugin/file: invalid duration");
    } else if (property === "upstream") c.remainingArgs();
    else throw c.error(`unknown property '${property}'`);
  }
  return config;
}

function readDirectory(c: Controller, config: { directory: string; pattern: string; template: string }): void {
  if (!c.nextArg()) throw c.argumentError();
  config.directory = c.path(c.value).replace(/(.)\/$/, "$1");
  if (!c.host.files.exists(config.directory))
    c.log("WARNING", `plugin/auto: Directory does not exist: ${config.directory}`);
  if (!c.nextArg()) return;
  config.pattern = c.value;
  if (new Pattern(config.pattern).groupCount === 0) throw c.error("Need at least one sub expression");
  if (!c.nextArg()) throw c.argumentError();
  config.template = c.value;
  if (c.nextArg()) throw c.argumentError();
}
