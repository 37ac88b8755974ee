import {
  enablement,
  listUnitFiles,
  systemdOf,
  type Process,
  type Systemd,
  type UnitFile,
  type UnitState,
  value,
} from "../../sim/host/index.ts";
import { matchesGlob } from "../gnu/glob.ts";

const SUFFIX = /\.(?:service|socket|target|timer|mount|automount|swap|path|slice|scope|device)$/;

/** A unit as systemctl looks at it: its file, if it has one, and its state. */
export interface Unit {
  readonly name: string;
  readonly file: UnitFile | undefined;
  readonly state: UnitState;
}

/** `kubelet` stands for `kubelet.service`. */
export function unitName(text: string): string {
  const name = text.slice(text.lastIndexOf("/") + 1);
  return SUFFIX.test(name) || /[*?[]/.test(name) ? name : `${name}.service`;
}

export function unitOf(systemd: Systemd, name: string): Unit {
  return { name, file: systemd.unit(name), state: systemd.state(name) };
}

/** Does systemd know it: by a file, or as something that it runs? */
export function exists({ file, state }: Unit): boolean {
  return file !== undefined || state.since !== 0;
}

/** What follows from the words of a command: names, and all loaded units that match a pattern. */
export function unitNames(process: Process, words: readonly string[]): string[] {
  const systemd = systemdOf(process.machine);
  return words.flatMap((word) => {
    const name = unitName(word);
    if (!/[*?[]/.test(name)) return [name];
    return loadedUnits(systemd)
      .map((unit) => unit.name)
      .filter((loaded) => matchesGlob(name, loaded) || matchesGlob(`${name}.service`, loaded));
  });
}

/** Units that are in memory: those that were started or have run. */
export function loadedUnits(systemd: Systemd): Unit[] {
  return systemd
    .loaded()
    .map(({ name }) => unitOf(systemd, name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function description({ name, file }: Unit): string {
  return (file && value(file, "Unit", "Description")) ?? name;
}

/** `enabled`, `disabled`, `static`, `masked`; Ubuntu's preset enables everything. */
export function fileState(process: Process, file: UnitFile): string {
  return enablement(process.machine.host, file);
}

export function loadState({ file }: Unit): "loaded" | "masked" | "not-found" {
  return file === undefined ? "not-found" : file.masked ? "masked" : "loaded";
}

export function allUnitFiles(process: Process): string[] {
  return listUnitFiles(process.machine.host);
}
