import type { JournalLine } from "../../sim/host/index.ts";
import { compile, isRegexError } from "../../shell/regex/index.ts";
import type { Time } from "../../sim/kernel/index.ts";
import { matchesGlob } from "../gnu/glob.ts";
import type { Call } from "../gnu/tool.ts";
import { unitName } from "../systemctl/units.ts";
import { parseTimestamp } from "./times.ts";

const PRIORITIES = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

export type Filter = (line: JournalLine) => boolean;

/** What the options leave of the journal; a text says what is wrong. */
export function filterOf(call: Call<string>, now: Time): Filter | string {
  const tests: Filter[] = [];
  const units = call.options.values("unit").map(unitName);
  if (units.length > 0)
    tests.push(({ unit }) => unit !== undefined && units.some((wanted) => matchesGlob(wanted, unit)));
  const identifiers = call.options.values("identifier");
  if (identifiers.length > 0) tests.push(({ identifier }) => identifiers.includes(identifier));
  if (call.has("dmesg")) tests.push(({ identifier }) => identifier === "kernel");
  for (const flag of ["since", "until"] as const) {
    const text = call.value(flag);
    if (text === undefined) continue;
    const time = parseTimestamp(text, now);
    if (time === undefined) return `Failed to parse timestamp: ${text}`;
    tests.push(({ at }) => (flag === "since" ? at >= time : at <= time));
  }
  const priority = call.value("priority");
  if (priority !== undefined) {
    const ends = priority.split("..").map((word) => (/^[0-7]$/.test(word) ? Number(word) : PRIORITIES.indexOf(word)));
    if (ends.length > 2 || ends.some((end) => end < 0)) return `Unknown log level ${priority}`;
    const [low, high] = ends.length === 1 ? [0, ends[0]!] : [Math.min(...ends), Math.max(...ends)];
    tests.push((line) => line.priority >= low && line.priority <= high);
  }
  const pattern = call.value("grep");
  if (pattern !== undefined) {
    const sensitive = call.value("caseSensitive");
    const ignoreCase = sensitive === undefined ? pattern === pattern.toLowerCase() : /^(?:0|no|false)/.test(sensitive);
    const regex = compile(pattern, { syntax: "perl", ignoreCase });
    if (isRegexError(regex)) return `Bad pattern "${pattern}": ${regex.error}`;
    tests.push(({ message }) => regex.test(message));
  }
  for (const match of call.operands) {
    const [name, wanted] = match.split("=") as [string, string?];
    if (wanted === undefined)
      return match.startsWith("/")
        ? "drydock: journalctl: matching by path is not simulated"
        : `Failed to add match '${match}': Invalid argument`;
    const fields: Record<string, Filter> = {
      _SYSTEMD_UNIT: ({ unit, identifier }) => unit === wanted && identifier !== "systemd",
      UNIT: ({ unit, identifier }) => unit === wanted && identifier === "systemd",
      SYSLOG_IDENTIFIER: ({ identifier }) => identifier === wanted,
      _COMM: ({ identifier }) => identifier === wanted,
      _PID: ({ pid }) => String(pid) === wanted,
      PRIORITY: (line) => String(line.priority) === wanted,
      MESSAGE: ({ message }) => message === wanted,
    };
    tests.push(fields[name] ?? (() => false));
  }
  return (line) => tests.every((test) => test(line));
}
