import type { ClockChange } from "../../server/sessions/protocol/index.ts";

/** What an instructor did, behind their name: `gave 10 minutes`. */
export function changeWords({ kind, minutes = 0 }: ClockChange): string {
  if (kind === "pause") return "paused it";
  if (kind === "resume") return "let it go on";
  const count = Math.abs(minutes);
  return `${minutes < 0 ? "took back" : "gave"} ${count} minute${count === 1 ? "" : "s"}`;
}
