import type { Process } from "../../../sim/host/index.ts";
import { calendar, pad } from "../../../sim/kernel/index.ts";

/** A value behind its key as klog writes it: one of several lines stands in a block of its own. */
export function klogValue(text: string): string {
  return text.includes("\n") ? `<\n${text.replaceAll(/^/gm, "\t")}\n >` : JSON.stringify(text);
}

/** Writes a line as klog does: `E1121 10:00:00.000000    4711 memcache.go:265] "Unhandled Error" err="…"`. */
export async function klog(
  process: Process,
  severity: "I" | "W" | "E" | "F",
  source: string,
  text: string,
): Promise<void> {
  const { month, day, hour, minute, second, micros } = calendar(process.now);
  const time = `${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${pad(micros, 6)}`;
  const pid = String(process.host.pidOf(process.row)).padStart(7);
  await process.error(`${severity}${pad(month, 2)}${pad(day, 2)} ${time} ${pid} ${source}] ${text}\n`);
}
