import { SECOND, type Duration } from "../../kernel/index.ts";

/** A time span of systemd.time(7) in simple form: `10`, `5s`, `100ms`, `1min`. */
export function timeSpan(text: string): Duration {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|sec|m|min|h)?$/.exec(text.trim());
  if (!match) return 100_000;
  const factor = { ms: SECOND / 1000, s: SECOND, sec: SECOND, m: 60 * SECOND, min: 60 * SECOND, h: 3600 * SECOND }[
    match[2] ?? "s"
  ]!;
  return Number(match[1]) * factor;
}
