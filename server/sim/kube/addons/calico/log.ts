import { calendar, pad, type Time } from "../../../kernel/index.ts";

/** A line of logrus as Calico's programs format it (libcalico-go lib/logutils): `2026-11-21 10:00:00.000 [INFO][9] startup/startup.go 95: …`. */
export function logLine(
  now: Time,
  level: "INFO" | "WARNING" | "ERROR",
  pid: number,
  source: string,
  text: string,
): string {
  const { year, month, day, hour, minute, second, micros } = calendar(now);
  const date = `${year}-${pad(month, 2)}-${pad(day, 2)}`;
  const time = `${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${pad(Math.floor(micros / 1000), 3)}`;
  return `${date} ${time} [${level}][${pid}] ${source}: ${text}`;
}

/** Fields behind a message, by name: `cidr=10.244.0.64/26 host="node01"`. Numbers and nets are not quoted. */
export function logFields(fields: Readonly<Record<string, string | number>>): string {
  return Object.entries(fields)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, value]) =>
        ` ${name}=${typeof value === "number" || /^\d+\.\d+\.\d+\.\d+\/\d+$/.test(value) ? value : JSON.stringify(value)}`,
    )
    .join("");
}
