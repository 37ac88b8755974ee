import { systemdOf, uptime } from "../../sim/host/index.ts";
import { page, SYSTEMD_PAGER } from "../less/pager.ts";
import { tool, type Call } from "../gnu/tool.ts";
import { formatRelative, formatTimestamp } from "../systemd/timespan.ts";
import { dependencyTree } from "./dependencies.ts";
import { edit } from "./edit.ts";
import { changeFiles } from "./enable.ts";
import { killUnits, runJobs, warnChanged } from "./jobs.ts";
import { listUnitFiles, listUnits } from "./list.ts";
import { showFiles, showProperties } from "./show.ts";
import { statusText } from "./status.ts";
import { exists, fileState, loadedUnits, unitNames, unitOf } from "./units.ts";

export const systemctl = tool({
  name: "systemctl",
  package: "systemd",
  title: "systemd",
  summary: "Control the systemd system and service manager",
  usage: ["[OPTIONS...] COMMAND ..."],
  about: "Query or send control commands to the system manager.",
  noHint: true,
  flags: {
    type: { short: "t", long: "type", arg: "TYPE", help: "List units of a particular type" },
    state: { long: "state", arg: "STATE", help: "List units with particular LOAD or SUB or ACTIVE state" },
    failed: { long: "failed", help: "Shortcut for --state=failed" },
    property: { short: "p", long: "property", arg: "NAME", help: "Show only properties by this name" },
    valueOf: { short: "P", arg: "NAME", help: "Equivalent to --value --property=NAME" },
    all: {
      short: "a",
      long: "all",
      help: "Show all properties/all units currently in memory, including dead/empty ones",
    },
    full: { short: "l", long: "full", help: "Don't ellipsize unit names on output" },
    value: { long: "value", help: "When showing properties, only print the value" },
    lines: { short: "n", long: "lines", arg: "INTEGER", help: "Number of journal entries to show" },
    noPager: { long: "no-pager", help: "Do not pipe output into a pager" },
    noLegend: { long: "no-legend", help: "Do not print a legend (column headers and hints)" },
    plain: { long: "plain", help: "Print unit dependencies as a list instead of a tree" },
    quiet: { short: "q", long: "quiet", help: "Suppress output" },
    now: { long: "now", help: "Start or stop unit after enabling or disabling it" },
    force: { short: "f", long: "force", help: "When enabling unit files, override existing symlinks" },
    signal: { short: "s", long: "signal", arg: "SIGNAL", help: "Which signal to send" },
    noBlock: { long: "no-block", help: "Do not wait until operation finished" },
    wait: { long: "wait", simulated: false },
    output: { short: "o", long: "output", arg: "STRING", simulated: false },
    system: { long: "system", help: "Connect to system manager" },
    user: { long: "user", simulated: false },
    host: { short: "H", long: "host", arg: "[USER@]HOST", simulated: false },
    machine: { short: "M", long: "machine", arg: "CONTAINER", simulated: false },
    noAsk: { long: "no-ask-password", help: "Do not ask for system passwords" },
    others: { short: "rCTi", simulated: false },
  },
  async run(call) {
    const { process } = call;
    const [verb = "list-units", ...words] = call.operands;
    if (process.host.isContainer && !["--version", "--help"].includes(verb)) {
      await process.error(
        "System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down\n",
      );
      return 1;
    }
    return dispatch(call, verb, words);
  },
});

async function dispatch(call: Call<string>, verb: string, words: readonly string[]): Promise<number> {
  const { process } = call;
  const systemd = systemdOf(process.machine);
  switch (verb) {
    case "status":
      return status(call, words);
    case "start":
    case "stop":
    case "restart":
    case "try-restart":
    case "condrestart":
    case "reload":
    case "reload-or-restart":
    case "try-reload-or-restart":
      return runJobs(call, verb, words);
    case "enable":
    case "disable":
    case "reenable":
    case "mask":
    case "unmask":
      return changeFiles(call, verb, words);
    case "kill":
      return killUnits(call, words);
    case "is-active":
    case "is-failed":
      return isState(call, verb, words);
    case "is-enabled":
      return isEnabled(call, words);
    case "cat":
      return showFiles(call, words);
    case "show":
      return showProperties(call, words);
    case "edit":
      return edit(call, words);
    case "list-units":
      return shown(call, listUnits(call, words));
    case "list-unit-files":
      return shown(call, listUnitFiles(call, words));
    case "daemon-reload":
    case "daemon-reexec":
      if (process.uid !== 0) {
        await process.error("Failed to reload daemon: Interactive authentication required.\n");
        return 1;
      }
      systemd.daemonReload();
      return 0;
    case "reset-failed":
      for (const name of words.length > 0 ? unitNames(process, words) : loadedUnits(systemd).map((unit) => unit.name))
        systemd.resetFailed(name);
      return 0;
    case "is-system-running": {
      const degraded = loadedUnits(systemd).some(({ state }) => state.active === "failed");
      if (!call.has("quiet")) await call.out.print(`${degraded ? "degraded" : "running"}\n`);
      return degraded ? 1 : 0;
    }
    case "get-default":
      await call.out.print(
        `${process.host.files.exists("/etc/systemd/system/default.target") ? process.host.files.readlink("/etc/systemd/system/default.target").replace(/.*\//, "") : "graphical.target"}\n`,
      );
      return 0;
    case "list-dependencies":
      return shown(call, dependencyTree(call, words[0]));
    case "list-timers":
    case "list-sockets":
      return shown(call, listOfNone(call, verb));
    case "list-jobs":
      return shown(call, call.has("noLegend") ? "" : "No jobs running.\n");
    case "list-machines":
    case "set-property":
    case "set-default":
    case "isolate":
    case "reboot":
    case "poweroff":
    case "halt":
    case "suspend":
    case "rescue":
    case "emergency":
    case "default":
    case "preset":
    case "link":
    case "revert":
    case "freeze":
    case "thaw":
    case "clean":
    case "help":
    case "log-level":
    case "show-environment":
    case "set-environment":
    case "unset-environment":
    case "import-environment":
    case "kexec":
    case "exit": // prettier-ignore
      return call.notSimulated(`'${verb}'`);
    default:
      await process.error(`Unknown command verb ${verb}.\n`);
      return 1;
  }
}

/** No timer and no socket unit is active here: services listen themselves (ssh.service, not ssh.socket). */
function listOfNone(call: Call<string>, verb: string): string {
  const kind = verb.slice("list-".length);
  if (call.has("noLegend")) return "";
  return `0 ${kind} listed.\n${call.has("all") ? "" : `Pass --all to see loaded but inactive ${kind}, too.\n`}`;
}

/** Output that goes through a pager on a terminal. */
async function shown(call: Call<string>, text: string): Promise<number> {
  if (call.has("noPager") || !call.process.isTty(1)) await call.out.print(text);
  else await page(call.process, text, SYSTEMD_PAGER);
  return 0;
}

async function status(call: Call<string>, words: readonly string[]): Promise<number> {
  const { process } = call;
  const systemd = systemdOf(process.machine);
  const linesText = call.value("lines") ?? "10";
  if (!/^\d+$/.test(linesText)) return call.fail(`Failed to parse lines '${linesText}'`);
  const tty = process.fds.find(1)?.tty;
  const paged = tty !== undefined && !call.has("noPager");
  const style = {
    colored: tty !== undefined,
    width: tty && !paged && !call.has("full") ? tty.cols : Infinity,
    lines: Number(linesText),
  };
  if (words.length === 0) return shown(call, overview(call));
  let text = "";
  let code = 0;
  for (const name of unitNames(process, words)) {
    const unit = unitOf(systemd, name);
    if (!exists(unit)) {
      await process.error(`Unit ${name} could not be found.\n`);
      code = 4;
      continue;
    }
    if (systemd.needsReload(name)) await warnChanged(call, name);
    text += (text === "" ? "" : "\n") + statusText(call, unit, style);
    if (unit.state.active !== "active" && code === 0) code = 3;
  }
  await shown(call, text);
  return code;
}

/** `systemctl status` of the whole machine. */
function overview(call: Call<string>): string {
  const { process } = call;
  const units = loadedUnits(systemdOf(process.machine));
  const failed = units.filter(({ state }) => state.active === "failed").length;
  const since = process.now - Math.round(uptime(process.host) * 1_000_000);
  const rows: [string, string][] = [
    ["State", failed > 0 ? "degraded" : "running"],
    ["Units", `${units.length} loaded (incl. loaded aliases)`],
    ["Jobs", "0 queued"],
    ["Failed", `${failed} units`],
    ["Since", `${formatTimestamp(since)}; ${formatRelative(since, process.now)}`],
    ["systemd", "255.4-1ubuntu8.11"],
  ];
  const running = units.filter(({ state }) => state.mainPid !== undefined);
  const tree = running.map(
    ({ name, state }, at) =>
      `             ${at === running.length - 1 ? "└─" : "├─"}${name}\n               └─${state.mainPid!}`,
  );
  return `● ${process.host.hostname}\n${rows.map(([label, text]) => `${label.padStart(11)}: ${text}\n`).join("")}${"CGroup".padStart(11)}: /system.slice\n${tree.map((line) => `${line}\n`).join("")}`;
}

async function isState(call: Call<string>, verb: string, words: readonly string[]): Promise<number> {
  const systemd = systemdOf(call.process.machine);
  let good = false;
  let known = false;
  for (const name of unitNames(call.process, words)) {
    const unit = unitOf(systemd, name);
    known ||= exists(unit);
    const { active } = unit.state;
    if (!call.has("quiet")) await call.out.print(`${active}\n`);
    if (verb === "is-active" ? active === "active" : active === "failed") good = true;
  }
  if (good) return 0;
  return verb === "is-failed" ? 1 : known ? 3 : 4;
}

async function isEnabled(call: Call<string>, words: readonly string[]): Promise<number> {
  const systemd = systemdOf(call.process.machine);
  let good = false;
  let missing = false;
  for (const name of unitNames(call.process, words)) {
    const { file } = unitOf(systemd, name);
    const state = file ? fileState(call.process, file) : "not-found";
    missing ||= !file;
    if (!call.has("quiet")) await call.out.print(`${state}\n`);
    if (state === "enabled" || state === "static") good = true;
  }
  return good ? 0 : missing ? 4 : 1;
}
