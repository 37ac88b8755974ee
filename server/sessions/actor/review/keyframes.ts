import { Screen } from "../../../recording/screen.ts";
import type { Keyframe, ReplayEvent } from "../../protocol/index.ts";

/** So many characters are drawn at most from a keyframe to where somebody wants to look. */
const APART = 131_072;
/** Lines above the screen that a keyframe keeps: enough to read what has just gone by. */
const SCROLLBACK = 500;

/** Screens of a recording, so far apart that drawing from one to the next takes no time that anybody sees. */
export async function keyframesOf(cols: number, rows: number, events: readonly ReplayEvent[]): Promise<Keyframe[]> {
  const screen = new Screen(cols, rows, SCROLLBACK);
  const keyframes: Keyframe[] = [];
  let since = 0;
  for (const [index, event] of events.entries()) {
    if (typeof event[1] === "string") {
      screen.write(Buffer.from(event[1], "utf8").toString("latin1"));
      since += event[1].length;
    } else screen.resize(event[1], event[2]!);
    if (since < APART || index === events.length - 1) continue;
    since = 0;
    const text = Buffer.from(await screen.render(), "latin1").toString("utf8");
    keyframes.push({ event: index + 1, cols: screen.cols, rows: screen.rows, text });
  }
  return keyframes;
}
