import type { DaemonProcess } from "../../../../host/index.ts";
import { calendar, pad } from "../../../../kernel/index.ts";

export type Fields = Readonly<Record<string, string | number>>;

/** A line as Calico's programs log: `2026-11-21 10:00:00.000 [INFO][66] felix/table.go 508: Queueing update of chain. chainName="…"`. */
export function felixLog(
  self: DaemonProcess,
  severity: "INFO" | "WARNING" | "ERROR",
  source: string,
  message: string,
  fields: Fields = {},
): void {
  const { year, month, day, hour, minute, second, micros } = calendar(self.kernel.now);
  const date = `${year}-${pad(month, 2)}-${pad(day, 2)}`;
  const time = `${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${pad(Math.floor(micros / 1000), 3)}`;
  const shown = Object.entries(fields)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ` ${name}=${typeof value === "number" ? `0x${value.toString(16)}` : value}`)
    .join("");
  const pid = self.host.pidOf(self.row);
  self.log(`${date} ${time} [${severity}][${pid}] felix/${source}: ${message}${shown}`);
}
