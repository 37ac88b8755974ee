import type { Time } from "../../kernel/index.ts";
import { exitCode, type ExitStatus } from "../process/process-row.ts";
import { parseSignal } from "../process/signal.ts";
import { timeSpan } from "./time-span.ts";
import { value, values, type UnitFile } from "./unit-file.ts";
import type { UnitState } from "./unit-state.ts";

/** Signals that end a service well, as SIGTERM does that stops it (exit-status.c, is_clean_exit). */
const CLEAN_SIGNALS = ["SIGHUP", "SIGINT", "SIGTERM", "SIGPIPE"];

/** Whether the end of a main process is no failure: 0, a signal that asks it to end, or what SuccessExitStatus= names. */
export function isClean(unit: UnitFile | undefined, status: ExitStatus): boolean {
  if (unit && isAmong(values(unit, "Service", "SuccessExitStatus"), status)) return true;
  if ("code" in status) return status.code === 0;
  return CLEAN_SIGNALS.includes(status.signal) && !(unit && isOneshot(unit));
}

/** The start limit, Restart= and its exceptions (service.c, service_shall_restart). */
export function shouldRestart(unit: UnitFile, { result }: UnitState, exit: ExitStatus | undefined): boolean {
  if (exit && isAmong(values(unit, "Service", "RestartPreventExitStatus"), exit)) return false;
  if (exit && isAmong(values(unit, "Service", "RestartForceExitStatus"), exit)) return true;
  switch (value(unit, "Service", "Restart")) {
    case "always":
      return true;
    case "on-success":
      return result === "success";
    case "on-failure":
      return result !== "success";
    case "on-abnormal":
      return result === "signal" || result === "timeout";
    case "on-abort":
      return result === "signal";
    default:
      return false;
  }
}

function isAmong(lines: readonly string[], status: ExitStatus): boolean {
  return lines
    .flatMap((line) => line.split(/\s+/))
    .some((word) => ("code" in status ? word === String(status.code) : parseSignal(word) === status.signal && !/^\d/.test(word))); // prettier-ignore
}

/** The unit's starts with one now; undefined if it was started too often (systemd.unit(5), StartLimitIntervalSec=). */
export function startsWithinLimit(unit: UnitFile, earlier: readonly Time[], now: Time): readonly Time[] | undefined {
  const option = (...names: string[]): string | undefined =>
    names.flatMap((key) => [value(unit, "Unit", key), value(unit, "Service", key)]).find((text) => text !== undefined);
  const interval = timeSpan(option("StartLimitIntervalSec", "StartLimitInterval") ?? "10s");
  const burst = Number(option("StartLimitBurst") ?? 5);
  if (interval === 0 || burst === 0) return [];
  const recent = earlier.filter((start) => start > now - interval);
  return recent.length < burst ? [...recent, now] : undefined;
}

export function resultOf(status: ExitStatus): UnitState["result"] {
  return "code" in status ? "exit-code" : "signal";
}

/** `code=exited, status=1/FAILURE`, as systemd logs the end of a process. */
export function exitWords(status: ExitStatus): string {
  return "code" in status
    ? `code=exited, status=${describeExit(status.code)}`
    : `code=killed, status=${exitCode(status) - 128}/${status.signal.slice(3)}`;
}

/** `1/FAILURE`, `203/EXEC`: exit codes with systemd's names (systemd.exec(5)). */
export function describeExit(code: number): string {
  const names: Record<number, string> = {
    0: "SUCCESS",
    1: "FAILURE",
    2: "INVALIDARGUMENT",
    3: "NOTIMPLEMENTED",
    4: "NOPERMISSION",
    5: "NOTINSTALLED",
    6: "NOTCONFIGURED",
    7: "NOTRUNNING",
    203: "EXEC",
    217: "USER",
  };
  return names[code] === undefined ? `${code}/n/a` : `${code}/${names[code]}`;
}

export function isOneshot(unit: UnitFile): boolean {
  return value(unit, "Service", "Type") === "oneshot";
}

/** Types whose start is over only when they say so: systemd tells that it starts them. */
export function isSlow(unit: UnitFile): boolean {
  return ["notify", "notify-reload", "forking", "oneshot", "dbus"].includes(value(unit, "Service", "Type") ?? "simple");
}

/** As systemd reads booleans (parse_boolean). */
export function isYes(text: string | undefined): boolean {
  return /^(1|yes|y|true|t|on)$/i.test(text ?? "");
}
