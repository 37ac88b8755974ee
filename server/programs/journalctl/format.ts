import type { Host, JournalLine } from "../../sim/host/index.ts";
import { shortEntry } from "../systemd/entry.ts";
import { strftime } from "../gnu/strftime.ts";

export interface FormatRules {
  readonly output: string;
  readonly hostname: boolean;
  readonly colored: boolean;
}

export const OUTPUTS = [
  "short", "short-full", "short-iso", "short-iso-precise", "short-precise", "short-monotonic", "short-unix", "verbose", "json",
  "json-pretty", "cat", "with-unit",
] as const; // prettier-ignore

/** One entry as -o asks for it. `cursor` is the entry's number. */
export function formatEntry(line: JournalLine, cursor: number, host: Host, rules: FormatRules): string {
  switch (rules.output) {
    case "cat":
      return rules.colored ? paint(line.message, line.priority) : line.message;
    case "json":
      return JSON.stringify(fields(line, cursor, host));
    case "json-pretty":
      return JSON.stringify(fields(line, cursor, host), undefined, "\t").replaceAll('": ', '" : ');
    case "verbose": {
      const { __CURSOR, __REALTIME_TIMESTAMP, __MONOTONIC_TIMESTAMP, ...rest } = fields(line, cursor, host);
      const head = `${strftime("%a %Y-%m-%d %H:%M:%S", line.at)}.${String(line.at % 1_000_000).padStart(6, "0")} UTC [${__CURSOR!}]`;
      return [head, ...Object.entries(rest).map(([name, text]) => `    ${name}=${text}`)].join("\n");
    }
    default:
      return colored(short(line, host, rules), line, rules);
  }
}

function short(line: JournalLine, host: Host, { output, hostname }: FormatRules): string {
  const micros = String(line.at % 1_000_000).padStart(6, "0");
  const boot = host.machine.row.bootedAt;
  const times: Record<string, string> = {
    short: "%b %d %H:%M:%S",
    "short-precise": `%b %d %H:%M:%S.${micros}`,
    "short-iso": "%Y-%m-%dT%H:%M:%S%:z",
    "short-iso-precise": `%Y-%m-%dT%H:%M:%S.${micros}%:z`,
    "short-full": "%a %Y-%m-%d %H:%M:%S %Z",
    "short-unix": `%s.${micros}`,
    "short-monotonic": `[${((line.at - boot) / 1_000_000).toFixed(6).padStart(12)}]`,
    "with-unit": "%a %Y-%m-%d %H:%M:%S %Z",
  };
  const shown =
    output === "with-unit" && line.unit !== undefined
      ? { ...line, identifier: `${line.unit}[${line.identifier}` }
      : line;
  const text = shortEntry(shown, host, { hostname, time: times[output]! });
  return output === "with-unit" && line.unit !== undefined ? text.replace(`[${line.pid}]: `, `[${line.pid}]]: `) : text;
}

/** Errors red, warnings yellow, notices bold; the message only. */
function paint(text: string, priority: number): string {
  const color = priority <= 3 ? "0;1;31m" : priority === 4 ? "0;1;38;5;185m" : priority === 5 ? "0;1;39m" : undefined;
  return color === undefined ? text : `\x1b[${color}${text}\x1b[0m`;
}

function colored(text: string, line: JournalLine, rules: FormatRules): string {
  if (!rules.colored || line.priority > 5) return text;
  const at = text.indexOf(`]: `) + 3;
  return text.slice(0, at) + paint(text.slice(at), line.priority);
}

function fields(line: JournalLine, cursor: number, host: Host): Record<string, string> {
  const { bootId, machineId, bootedAt } = host.machine.row;
  return {
    __CURSOR: `s=${machineId};i=${cursor.toString(16)};b=${bootId};m=${(line.at - bootedAt).toString(16)};t=${line.at.toString(16)};x=${line.pid.toString(16)}`,
    __REALTIME_TIMESTAMP: String(line.at),
    __MONOTONIC_TIMESTAMP: String(line.at - bootedAt),
    _BOOT_ID: bootId,
    _MACHINE_ID: machineId,
    _HOSTNAME: host.hostname,
    PRIORITY: String(line.priority),
    SYSLOG_IDENTIFIER: line.identifier,
    _PID: String(line.pid),
    ...(line.unit === undefined
      ? {}
      : line.identifier === "systemd"
        ? { UNIT: line.unit }
        : { _SYSTEMD_UNIT: line.unit }),
    MESSAGE: line.message,
  };
}
