import { calendar, pad, type Time } from "../../kernel/index.ts";

/** A line as klog writes it: `I1121 10:00:00.123456       1 server.go:147] Version: v1.33.1`. */
export function klogLine(
  severity: "I" | "W" | "E" | "F",
  time: Time,
  pid: number,
  source: string,
  message: string,
): string {
  const at = calendar(time);
  const clock = `${pad(at.hour, 2)}:${pad(at.minute, 2)}:${pad(at.second, 2)}.${pad(at.micros, 6)}`;
  return `${severity}${pad(at.month, 2)}${pad(at.day, 2)} ${clock} ${String(pid).padStart(7)} ${source}] ${message}`;
}
