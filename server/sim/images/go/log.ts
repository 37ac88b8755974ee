import type { DaemonProcess } from "../../host/index.ts";
import { calendar, pad, type Time } from "../../kernel/index.ts";

/** `2025/11/21 10:00:00`, as Go's log package dates its lines. */
export function goDate(time: Time): string {
  const { year, month, day, hour, minute, second } = calendar(time);
  return `${year}/${pad(month, 2)}/${pad(day, 2)} ${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}`;
}

/** log.Printf: a dated line on standard error. */
export function goLog(self: DaemonProcess, line: string): void {
  self.log(`${goDate(self.kernel.now)} ${line}`);
}

/** log.Fatalf */
export function goFatal(self: DaemonProcess, line: string): void {
  goLog(self, line);
  self.exit(1);
}
