import { parseGoDuration } from "../../../api/index.ts";
import type { Duration } from "../../../../kernel/index.ts";
import { duration } from "../plugin.ts";

/** Reads a duration in Go's notation, in microseconds. Throws Go's words. */
export function readDuration(text: string): Duration {
  return duration(text, parseGoDuration);
}
