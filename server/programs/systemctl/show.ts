import {
  exitCode,
  signalNumber,
  systemdOf,
  unitCommands,
  unitEnvironment,
  value,
  values,
} from "../../sim/host/index.ts";
import type { Time } from "../../sim/kernel/index.ts";
import type { Call } from "../gnu/tool.ts";
import { formatTimestamp } from "../systemd/timespan.ts";
import { description, exists, fileState, loadState, unitNames, unitOf, type Unit } from "./units.ts";

/** `systemctl cat`: the unit's file and drop-ins. */
export async function showFiles(call: Call<string>, words: readonly string[]): Promise<number> {
  const { process } = call;
  const systemd = systemdOf(process.machine);
  let code = 0;
  let first = true;
  for (const name of unitNames(process, words)) {
    const { file } = unitOf(systemd, name);
    if (!file) {
      await process.error(`No files found for ${name}.\n`);
      code = 1;
      continue;
    }
    if (systemd.needsReload(name))
      await process.error(
        `Warning: ${name} changed on disk, the version systemd has loaded is outdated.\nThis output shows the current version of the unit's original fragment and drop-in files.\nIf fragments or drop-ins were added or removed, they are not properly reflected in this output.\nRun 'systemctl daemon-reload' to reload units.\n`,
      );
    for (const path of [file.path, ...file.dropIns]) {
      const text = process.machine.host.readText(path) ?? "";
      await call.out.print(`${first ? "" : "\n"}# ${path}\n${text}${text.endsWith("\n") || text === "" ? "" : "\n"}`);
      first = false;
    }
  }
  return code;
}

/** `systemctl show`: properties as `Name=value`. */
export async function showProperties(call: Call<string>, words: readonly string[]): Promise<number> {
  const { process } = call;
  const systemd = systemdOf(process.machine);
  const wanted = [...call.options.values("property"), ...call.options.values("valueOf")].flatMap((text) =>
    text.split(","),
  );
  const bare = call.has("value") || call.has("valueOf");
  let first = true;
  for (const name of unitNames(process, words)) {
    const all = properties(call, unitOf(systemd, name));
    const names = wanted.length > 0 ? wanted : Object.keys(all);
    if (!first) await call.out.print("\n");
    first = false;
    for (const property of names) {
      const text = all[property];
      if (text === undefined || (text === "" && wanted.length === 0 && !call.has("all"))) continue;
      await call.out.print(bare ? `${text}\n` : `${property}=${text}\n`);
    }
  }
  return 0;
}

function properties(call: Call<string>, unit: Unit): Record<string, string> {
  const { process } = call;
  const { file, state, name } = unit;
  const time = (at: Time | undefined): string => (at === undefined || at === 0 ? "" : formatTimestamp(at));
  const own = (section: string, key: string, fallback = ""): string => (file && value(file, section, key)) ?? fallback;
  const last = state.ran.findLast(({ key }) => key === "ExecStart");
  const main = state.mainPid === undefined ? undefined : process.machine.process(state.mainPid);
  const env = file ? unitEnvironment(process.machine.host, file) : {};
  const seconds = own("Service", "RestartSec", "100ms");
  return {
    Type: own("Service", "Type", "simple"),
    Restart: own("Service", "Restart", "no"),
    RestartUSec: /^\d+$/.test(seconds) ? `${seconds}s` : seconds,
    NRestarts: String(state.restarts),
    MainPID: String(main?.pid ?? 0),
    ExecMainPID: String(main?.pid ?? last?.pid ?? 0),
    ExecMainCode: String(last ? ("signal" in last.status ? 2 : 1) : 0),
    ExecMainStatus: String(
      last ? ("signal" in last.status ? signalNumber(last.status.signal) : exitCode(last.status)) : 0,
    ),
    ExecMainStartTimestamp: time(state.activeSince),
    ExecStart: file ? unitCommands(file, "ExecStart", env).map(({ path, argv }) => `{ path=${path} ; argv[]=${argv.join(" ")} ; ignore_errors=no ; start_time=[${time(state.activeSince) || "n/a"}] ; stop_time=[n/a] ; pid=${main?.pid ?? 0} ; code=(null) ; status=0/0 }`).join(" ") : "", // prettier-ignore
    Environment: file ? values(file, "Service", "Environment").join(" ").replaceAll('"', "") : "",
    User: own("Service", "User"),
    Result: state.result,
    Slice: "system.slice",
    ControlGroup: main ? `/system.slice/${name}` : "",
    Id: name,
    Names: name,
    WantedBy: own("Install", "WantedBy"),
    Requires: own("Unit", "Requires"),
    Wants: own("Unit", "Wants"),
    After: own("Unit", "After"),
    Before: own("Unit", "Before"),
    Documentation: file ? values(file, "Unit", "Documentation").join(" ") : "",
    Description: description(unit),
    LoadState: loadState(unit),
    ActiveState: state.active,
    FreezerState: "running",
    SubState: state.sub,
    FragmentPath: file?.path ?? "",
    DropInPaths: (file?.dropIns ?? []).join(" "),
    UnitFileState: file ? fileState(process, file) : "",
    UnitFilePreset: file ? "enabled" : "",
    StateChangeTimestamp: time(state.since),
    ActiveEnterTimestamp: time(state.activeSince),
    ActiveExitTimestamp: state.active === "active" ? "" : time(state.since),
    InactiveEnterTimestamp: state.active === "inactive" || state.active === "failed" ? time(state.since) : "",
    CanStart: exists(unit) ? "yes" : "no",
    CanStop: "yes",
    CanReload: file && values(file, "Service", "ExecReload").length > 0 ? "yes" : "no",
    NeedDaemonReload: systemdOf(process.machine).needsReload(name) ? "yes" : "no",
  };
}
