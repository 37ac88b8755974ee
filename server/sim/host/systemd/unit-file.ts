import { basename, join } from "../files/path.ts";
import type { Host } from "../host.ts";

/** Where unit files are looked for, most important first (systemd.unit(5)). */
const UNIT_PATH = [
  "/etc/systemd/system",
  "/run/systemd/system",
  "/usr/local/lib/systemd/system",
  "/usr/lib/systemd/system",
] as const;

/** A unit as its file and drop-ins define it. */
export interface UnitFile {
  readonly name: string;
  /** The main file (the real one, behind links), and the drop-ins in the order in which they apply. */
  readonly path: string;
  readonly dropIns: readonly string[];
  /** Section and key to values, in order; an empty assignment has cleared those before it. */
  readonly settings: ReadonlyMap<string, readonly string[]>;
  /** The texts that were read, to see whether they have changed on disk since. */
  readonly text: string;
  readonly masked: boolean;
}

/** Reads a unit and its drop-ins; undefined if there is no such unit. */
export function loadUnitFile(host: Host, name: string): UnitFile | undefined {
  const found = UNIT_PATH.map((directory) => join(directory, name)).find((path) => host.files.exists(path));
  if (found === undefined) return undefined;
  const path = host.files.realpath(found);
  const dropIns = UNIT_PATH.flatMap((directory) => confFiles(host, join(directory, `${name}.d`)))
    .filter((file, at, all) => all.findIndex((other) => basename(other) === basename(file)) === at)
    .sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
  const texts = [path, ...dropIns].map((file) => host.readText(file) ?? "");
  return { name, path, dropIns, settings: readSettings(texts), text: texts.join("\0"), masked: path === "/dev/null" };
}

/** The values of a key, in order. */
export function values(unit: UnitFile, section: string, key: string): readonly string[] {
  return unit.settings.get(`${section}.${key}`) ?? [];
}

/** The value of a key that has one: the last. */
export function value(unit: UnitFile, section: string, key: string): string | undefined {
  return values(unit, section, key).at(-1);
}

/** Names of all unit files, sorted. */
export function listUnitFiles(host: Host): string[] {
  const names = UNIT_PATH.filter((directory) => host.files.exists(directory))
    .flatMap((directory) => host.files.list(directory))
    .filter((name) => /\.(service|socket|target|timer|mount|path|slice|scope)$/.test(name));
  return [...new Set(names)].sort();
}

/** Is it started at boot? `static` units have no [Install] section. */
export function enablement(host: Host, unit: UnitFile): "enabled" | "disabled" | "static" | "masked" {
  if (unit.masked) return "masked";
  const targets = [...values(unit, "Install", "WantedBy"), ...values(unit, "Install", "RequiredBy")].flatMap((line) =>
    line.split(/\s+/),
  );
  if (targets.length === 0) return "static";
  const links = targets.flatMap((target) =>
    ["wants", "requires"].map((kind) => `/etc/systemd/system/${target}.${kind}/${unit.name}`),
  );
  return links.some((link) => host.files.exists(link)) ? "enabled" : "disabled";
}

function confFiles(host: Host, directory: string): string[] {
  if (!host.files.exists(directory)) return [];
  return host.files
    .list(directory)
    .filter((name) => name.endsWith(".conf"))
    .map((name) => join(directory, name));
}

/** Section and key to values, of a unit's file and its drop-ins in the order in which they apply. */
export function readSettings(texts: readonly string[]): Map<string, string[]> {
  const settings = new Map<string, string[]>();
  for (const text of texts) readText(text, settings);
  return settings;
}

function readText(text: string, settings: Map<string, string[]>): void {
  let section = "";
  const lines = text.replace(/\\\n/g, " ").split("\n");
  for (const line of lines) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    const header = /^\[(.+)\]\s*$/.exec(line);
    if (header) {
      section = header[1]!;
      continue;
    }
    const setting = /^\s*([A-Za-z][A-Za-z0-9-]*)\s*=\s*(.*?)\s*$/.exec(line);
    if (!setting) continue;
    const key = `${section}.${setting[1]!}`;
    if (setting[2] === "") settings.set(key, []);
    else settings.set(key, [...(settings.get(key) ?? []), setting[2]!]);
  }
}
