import type { Call } from "../gnu/tool.ts";
import { systemdOf } from "../../sim/host/index.ts";
import { matchesGlob } from "../gnu/glob.ts";
import { dot } from "./status.ts";
import { table } from "./table.ts";
import { allUnitFiles, description, fileState, loadedUnits, loadState, unitName, unitOf, type Unit } from "./units.ts";

/** What --type, --state and patterns leave. */
function isWanted(call: Call<string>, name: string, states: readonly string[], patterns: readonly string[]): boolean {
  const types = call.options.values("type").flatMap((text) => text.split(","));
  const wanted = call.options.values("state").flatMap((text) => text.split(","));
  return (
    (types.length === 0 || types.some((type) => name.endsWith(`.${type}`))) &&
    (wanted.length === 0 || states.some((state) => wanted.includes(state))) &&
    (patterns.length === 0 ||
      patterns.some((pattern) => matchesGlob(unitName(pattern), name) || matchesGlob(pattern, name)))
  );
}

export function listUnits(call: Call<string>, patterns: readonly string[]): string {
  const all = call.has("all");
  const failedOnly = call.has("failed");
  const chosen = loadedUnits(systemdOf(call.process.machine)).filter((unit) => {
    const { active, sub } = unit.state;
    if (failedOnly && active !== "failed") return false;
    if (!all && !call.has("state") && active === "inactive") return false;
    return isWanted(call, unit.name, [active, sub, loadState(unit)], patterns);
  });
  const style = { colored: false, width: Infinity, lines: 0 };
  const plain = call.has("plain");
  const mark = (unit: Unit): string =>
    plain ? "" : unit.state.active === "failed" || loadState(unit) !== "loaded" ? `${dot(unit, style)} ` : "  ";
  const rows = chosen.map((unit) => [
    mark(unit) + unit.name,
    loadState(unit),
    unit.state.active,
    unit.state.sub,
    description(unit),
  ]);
  const legend = !call.has("noLegend");
  const head = legend ? [plain ? "UNIT" : "  UNIT", "LOAD", "ACTIVE", "SUB", "DESCRIPTION"] : undefined;
  if (chosen.length === 0) return legend ? `${table(head, [])}\n0 loaded units listed.${hints(call)}\n` : "";
  if (!legend) return table(undefined, rows);
  return `${table(head, rows)}\nLegend: LOAD   → Reflects whether the unit definition was properly loaded.\n        ACTIVE → The high-level unit activation state, i.e. generalization of SUB.\n        SUB    → The low-level unit activation state, values depend on unit type.\n\n${chosen.length} loaded units listed.${hints(call)}\n`;
}

function hints(call: Call<string>): string {
  if (call.has("all")) return "\nTo show all installed unit files use 'systemctl list-unit-files'.";
  if (call.has("state") || call.has("failed")) return "";
  return " Pass --all to see loaded but inactive units, too.\nTo show all installed unit files use 'systemctl list-unit-files'.";
}

export function listUnitFiles(call: Call<string>, patterns: readonly string[]): string {
  const systemd = systemdOf(call.process.machine);
  const rows = allUnitFiles(call.process)
    .map((name) => ({ name, unit: unitOf(systemd, name) }))
    .filter(({ unit }) => unit.file !== undefined)
    .map(({ name, unit }) => ({ name, state: fileState(call.process, unit.file!) }))
    .filter(({ name, state }) => isWanted(call, name, [state], patterns))
    .map(({ name, state }) => [name, state, state === "static" ? "-" : "enabled"]);
  if (call.has("noLegend")) return table(undefined, rows);
  return `${table(["UNIT FILE", "STATE", "PRESET"], rows)}\n${rows.length} unit files listed.\n`;
}
