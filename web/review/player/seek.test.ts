import xterm from "@xterm/headless";
import { expect, test } from "vitest";
import { Recording, type Target } from "./recording.ts";
import { keyframesOf } from "../../../server/sessions/actor/review/keyframes.ts";
import type { Replay } from "../../../server/sessions/protocol/index.ts";
import { COLS, hourOfOutput, ROWS } from "../../testing/hour.ts";

const START = 1_795_000_000_000;

function shown(terminal: xterm.Terminal): string[] {
  const { active } = terminal.buffer;
  return Array.from({ length: terminal.rows }, (_, row) =>
    active.getLine(active.baseY + row)!.translateToString(true),
  ).concat(active.type);
}

/** As in the page, with a headless terminal. */
class Headless implements Target {
  readonly terminal = new xterm.Terminal({ cols: COLS, rows: ROWS, scrollback: 500, allowProposedApi: true });

  reset(cols: number, rows: number, text: string): void {
    this.terminal.write("\x1bc", () => this.terminal.resize(cols, rows));
    this.terminal.write(text);
  }

  resize(cols: number, rows: number): void {
    this.terminal.write("", () => this.terminal.resize(cols, rows));
  }

  write(text: string): void {
    this.terminal.write(text);
  }

  drawn(): Promise<void> {
    return new Promise((resolve) => this.terminal.write("", resolve));
  }
}

test("in an hour of recording a moment is shown within 100 ms, as if it had been played from the start", async () => {
  const events = hourOfOutput();
  const keyframes = await keyframesOf(COLS, ROWS, events);
  expect(keyframes.length).toBeGreaterThan(10);
  const replay: Replay = { startedAt: START, cols: COLS, rows: ROWS, events, keyframes };
  const seeking = new Headless();
  const recording = new Recording(replay, seeking);
  const seek = async (minute: number): Promise<number> => {
    const begun = performance.now();
    recording.show(START + minute * 60_000);
    await seeking.drawn();
    return performance.now() - begun;
  };
  // Code that has never run is slower than what a reviewer has after the first drawing.
  await seek(0);
  const times: number[] = [];
  for (const minute of [59.9, 1, 31.2, 30.1, 45.55, 2, 58, 17.05]) times.push(await seek(minute));
  const played = new Headless();
  new Recording({ ...replay, keyframes: [] }, played).show(START + 17.05 * 60_000);
  await played.drawn();
  expect(shown(seeking.terminal)).toEqual(shown(played.terminal));
  console.log(`seek: ${times.map((time) => time.toFixed(1)).join(" ")} ms`);
  // A machine that is busy with something else may take its time over one or two of them.
  expect(times.toSorted((a, b) => a - b)[5]).toBeLessThan(100);
});
