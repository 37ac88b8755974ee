import { calendar, pad, type Time } from "../../../kernel/index.ts";

/** A line as Weave's programs log: `INFO: 2026/11/21 10:00:00.000000 text`. */
export function weaveLine(now: Time, level: "INFO" | "DEBU" | "WARN" | "ERRO" | "FATA", text: string): string {
  const { year, month, day, hour, minute, second, micros } = calendar(now);
  const date = `${year}/${pad(month, 2)}/${pad(day, 2)}`;
  return `${level}: ${date} ${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${pad(micros, 6)} ${text}`;
}
