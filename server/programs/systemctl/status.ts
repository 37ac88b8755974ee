import {
  basename,
  describeExit,
  dirname,
  exitCode,
  journalOf,
  values,
  type ProcessRow,
  type RanCommand,
} from "../../sim/host/index.ts";
import { commandLine } from "../procps/state.ts";
import { usageOf } from "../../sim/host/index.ts";
import type { Call } from "../gnu/tool.ts";
import { cutColumns, columnsOf } from "../gnu/width.ts";
import { shortEntry } from "../systemd/entry.ts";
import { formatBytes, formatRelative, formatSpan, formatTimestamp } from "../systemd/timespan.ts";
import { description, fileState, loadState, type Unit } from "./units.ts";

interface Style {
  readonly colored: boolean;
  /** Lines of processes are cut to this. */
  readonly width: number;
  /** How many lines of the journal follow. */
  readonly lines: number;
}

const COLORS = { green: "0;1;32", red: "0;1;31", yellow: "0;1;33", plain: "" } as const;

function paint(text: string, color: keyof typeof COLORS, { colored }: Style): string {
  return colored && COLORS[color] !== "" ? `\x1b[${COLORS[color]}m${text}\x1b[0m` : text;
}

function colorOf({ state }: Unit): keyof typeof COLORS {
  switch (state.active) {
    case "active":
      return "green";
    case "failed":
      return "red";
    case "activating":
    case "deactivating":
      return "yellow";
    default:
      return "plain";
  }
}

/** `●` running or changing, `○` inactive, `×` failed. */
export function dot(unit: Unit, style: Style): string {
  const mark = unit.state.active === "failed" ? "×" : unit.state.active === "inactive" ? "○" : "●";
  return paint(mark, colorOf(unit), style);
}

/** What `systemctl status UNIT` prints (systemd src/systemctl/systemctl-show.c print_status_info, v255). */
export function statusText(call: Call<string>, unit: Unit, style: Style): string {
  const { process } = call;
  const { name, state } = unit;
  const now = process.now;
  const lines = [`${dot(unit, style)} ${name}${description(unit) === name ? "" : ` - ${description(unit)}`}`];
  const add = (label: string, text: string): void => void lines.push(`${label.padStart(11)}: ${text}`);
  add("Loaded", loadedText(call, unit, style));
  for (const directory of new Set((unit.file?.dropIns ?? []).map((path) => dirname(path)))) {
    const own = unit.file!.dropIns.filter((path) => dirname(path) === directory).map((path) => basename(path));
    lines.push(`${"Drop-In".padStart(11)}: ${directory}`, `${" ".repeat(13)}└─${own.join(", ")}`);
  }
  add("Active", activeText(unit, now, style));
  if (
    state.active !== "active" &&
    state.activeSince !== undefined &&
    state.since > state.activeSince &&
    state.sub !== "auto-restart"
  )
    add("Duration", formatSpan(state.since - state.activeSince));
  const docs = unit.file ? values(unit.file, "Unit", "Documentation").flatMap((line) => line.split(/\s+/)) : [];
  docs.forEach((doc, at) => (at === 0 ? add("Docs", doc) : lines.push(`${" ".repeat(13)}${doc}`)));
  const main = state.mainPid === undefined ? undefined : process.machine.process(state.mainPid);
  for (const ran of state.ran) {
    if (main && ran.key === "ExecStart") continue;
    add("Process", `${ran.pid} ${ran.key}=${ran.text} (${exitText(ran, style)})`);
  }
  const last = state.ran.findLast(({ key }) => key === "ExecStart");
  if (main) add("Main PID", `${main.pid} (${main.comm})`);
  else if (last) add("Main PID", `${last.pid} (${exitText(last, style)})`);
  const members = main ? cgroupMembers(call, main) : [];
  if (main) {
    const usages = members.map((row) => usageOf(row, now));
    const sum = (of: (usage: (typeof usages)[number]) => number): number =>
      usages.reduce((total, usage) => total + of(usage), 0);
    add("Tasks", `${sum(({ threads }) => threads)} (limit: ${Math.floor((process.machine.row.memory / 128) * 0.15)})`);
    const memory = sum(({ resident }) => resident) * 1024;
    add("Memory", `${formatBytes(memory)} (peak: ${formatBytes(Math.round(memory * 1.003))})`);
    add("CPU", formatSpan(sum(({ time }) => time)));
    lines.push(...cgroupLines(name, members, style));
  } else if (last) add("CPU", formatSpan(timeOf(last, state.activeSince ?? state.since, state.since)));
  const journal = journalLines(call, name, style);
  return [...lines, ...(journal.length > 0 ? ["", ...journal] : [])].map((line) => `${line}\n`).join("");
}

/** Processor time of a process that is gone, by the same model as that of one that runs. */
function timeOf({ pid, text }: RanCommand, from: number, until: number): number {
  const comm = basename(text.split(" ")[0]!).slice(0, 15);
  return usageOf({ pid, comm, startedAt: from, state: "running" }, until).time;
}

function loadedText(call: Call<string>, unit: Unit, style: Style): string {
  const { file } = unit;
  const load = loadState(unit);
  if (!file) return `${paint(load, "yellow", style)} (Reason: Unit ${unit.name} not found.)`;
  if (load === "masked") return `${paint("masked", "red", style)} (Reason: Unit ${unit.name} is masked.)`;
  const enabled = fileState(call.process, file);
  const color = enabled === "enabled" ? "green" : enabled === "disabled" ? "yellow" : "plain";
  const preset = enabled === "static" ? "" : `; preset: ${paint("enabled", "green", style)}`;
  return `loaded (${file.path}; ${paint(enabled, color, style)}${preset})`;
}

function activeText(unit: Unit, now: number, style: Style): string {
  const { active, sub, since, result } = unit.state;
  const words = `${active}${active === sub ? "" : ` (${sub})`}${result === "success" ? "" : ` (Result: ${result})`}`;
  const painted = paint(words, colorOf(unit), style);
  return since === 0 ? painted : `${painted} since ${formatTimestamp(since)}; ${formatRelative(since, now)}`;
}

function exitText({ status }: RanCommand, style: Style): string {
  if ("signal" in status) return paint(`code=killed, signal=${status.signal.slice(3)}`, "red", style);
  const text = `code=exited, status=${describeExit(exitCode(status))}`;
  return status.code === 0 ? text : paint(text, "red", style);
}

/** The processes of a service: its main process and what that started, as far as they are not in containers. */
function cgroupMembers(call: Call<string>, main: ProcessRow): ProcessRow[] {
  const rows = call.process.machine.processesOf(call.process.machine.name);
  const members = new Set([main.pid]);
  for (const row of rows) if (members.has(row.ppid)) members.add(row.pid);
  // Shims leave their parent and stay in containerd's group.
  if (main.comm === "containerd") for (const row of rows) if (row.comm === "containerd-shim") members.add(row.pid);
  return rows.filter((row) => members.has(row.pid) && row.state !== "zombie");
}

function cgroupLines(name: string, members: readonly ProcessRow[], { width }: Style): string[] {
  const digits = Math.max(...members.map(({ pid }) => String(pid).length));
  const branches = members.map((row, at) => {
    const lead = `${" ".repeat(13)}${at === members.length - 1 ? "└─" : "├─"}${String(row.pid).padStart(digits)} `;
    const line = lead + commandLine(row);
    return columnsOf(line) > width ? `${cutColumns(line, width - 1)}…` : line;
  });
  return [`${"CGroup".padStart(11)}: /system.slice/${name}`, ...branches];
}

function journalLines(call: Call<string>, name: string, { lines, width }: Style): string[] {
  if (lines === 0) return [];
  const { machine } = call.process;
  const own = journalOf(machine)
    .read()
    .filter((line) => line.unit === name);
  return own.slice(-lines).map((line) => {
    const text = shortEntry(line, machine.host);
    return columnsOf(text) > width ? `${cutColumns(text, width - 1)}…` : text;
  });
}
