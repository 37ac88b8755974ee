import { basename, systemdOf, values, type UnitFile } from "../../sim/host/index.ts";
import type { Call } from "../gnu/tool.ts";
import { unitName, unitOf } from "./units.ts";

/** Where `NAME.wants/` and `NAME.requires/` stand. */
const UNIT_PATH = ["/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system"]; // prettier-ignore
const FORWARD = ["Requires", "Requisite", "Wants", "BindsTo", "Upholds"];

/** What `systemctl list-dependencies` prints: a unit, and below it those that it pulls in; targets with what they pull in. */
export function dependencyTree(call: Call<string>, word: string | undefined): string {
  const root = unitName(word ?? "default.target");
  const { host } = call.process;
  const real = host.files.exists(`/etc/systemd/system/${root}`) || host.files.exists(`/usr/lib/systemd/system/${root}`);
  const name =
    root === "default.target" && real ? basename(unitOf(systemdOf(call.process.machine), root).file!.path) : root;
  const lines = [`${root}\n`];
  const walk = (unit: string, lead: string, path: readonly string[]): void => {
    const below = dependenciesOf(call, unit).filter((one) => !path.includes(one));
    for (const [at, one] of below.entries()) {
      const last = at === below.length - 1;
      const branch = call.has("plain") ? "  ".repeat(path.length) : `${lead}${last ? "└─" : "├─"}`;
      lines.push(`${call.has("plain") ? "" : mark(call, one)}${branch}${one}\n`);
      if (one.endsWith(".target") || call.has("all")) walk(one, `${lead}${last ? "  " : "│ "}`, [...path, one]);
    }
  };
  walk(name, "", [name]);
  return lines.join("");
}

function mark(call: Call<string>, name: string): string {
  const { active } = systemdOf(call.process.machine).state(name);
  if (name.endsWith(".slice")) return "● ";
  return active === "failed" ? "× " : active === "inactive" ? "○ " : "● ";
}

function dependenciesOf(call: Call<string>, name: string): readonly string[] {
  const systemd = systemdOf(call.process.machine);
  const file = systemd.unit(name);
  const { files } = call.process.machine.host;
  const words = (unit: UnitFile, key: string, section = "Unit"): string[] =>
    values(unit, section, key).flatMap((line) => line.split(/\s+/));
  const linked = UNIT_PATH.flatMap((path) => ["wants", "requires"].map((kind) => `${path}/${name}.${kind}`))
    .filter((directory) => files.exists(directory))
    .flatMap((directory) => files.list(directory));
  const stated = file ? FORWARD.flatMap((key) => words(file, key)) : [];
  const implicit = file && name.endsWith(".service") ? implied(file) : [];
  const all = new Set([...stated, ...linked, ...implicit]);
  return [...all].sort(targetsLast);
}

/** A service has its slice, and needs sysinit.target unless DefaultDependencies= says no (systemd.service(5)). */
function implied(file: UnitFile): readonly string[] {
  const own = values(file, "Unit", "DefaultDependencies").at(-1) !== "no";
  return ["system.slice", ...(own ? ["sysinit.target"] : [])];
}

function targetsLast(a: string, b: string): number {
  const [one, other] = [a.endsWith(".target"), b.endsWith(".target")];
  if (one !== other) return one ? 1 : -1;
  return a.toLowerCase() < b.toLowerCase() ? -1 : 1;
}
