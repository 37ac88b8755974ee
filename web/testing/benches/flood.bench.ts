import type { Page } from "playwright-core";
import type { Measured } from "../../../server/sim/kernel/bench.ts";
import { AFTER_PAINT, inBrowser, ofRounds, openLab, percentile, PROMPT, shows } from "./in-browser.bench.ts";

const ROUNDS = 5;
const PRESS_EVERY = 60;
const TEN_MEGABYTES = "yes 0123456789012345678901234567890123456789 | head -c 10485760; echo done";

/** 10 MB run through a terminal while notes are typed: how long a key waits until the page begins with it. */
export function inputInFlood(): Promise<Measured> {
  return inBrowser(async (bench) => {
    const page = await openLab(bench);
    await page.evaluate(AFTER_PAINT + WATCH);
    await page.getByRole("tab", { name: "Notes" }).click();
    const rounds: number[] = [];
    const delays: number[] = [];
    const painted: number[] = [];
    let seconds = 0;
    for (let count = 0; count < ROUNDS; count++) {
      const round = await flood(page);
      rounds.push(percentile(round.delays, 0.99));
      delays.push(...round.delays);
      painted.push(...round.painted);
      seconds += round.seconds / ROUNDS;
    }
    const words = [
      `${delays.length} keys, median ${percentile(delays, 0.5).toFixed(1)}`,
      `until painted p95 ${percentile(painted, 0.95).toFixed(0)}`,
      `10 MB in ${seconds.toFixed(1)} s`,
    ];
    return ofRounds(rounds, `; ${words.join(", ")}`);
  });
}

interface Round {
  /** From the key to the page's first line of code about it, in milliseconds. */
  readonly delays: readonly number[];
  /** From the key to the painted letter. */
  readonly painted: readonly number[];
  readonly seconds: number;
}

async function flood(page: Page): Promise<Round> {
  await page.locator(".xterm-helper-textarea").focus();
  await page.evaluate("globalThis.pressed = { delays: [], painted: [] }");
  await page.keyboard.type(`clear; ${TEN_MEGABYTES}`);
  await page.keyboard.press("Enter");
  const begun = performance.now();
  await shows(page, /90123456789/);
  await page.getByRole("textbox", { name: "Notes" }).focus();
  // Looked at seldom, so that looking costs the page nothing.
  const ended = shows(page, /done.*[#$]\s*$/, 250);
  let over = false;
  void ended.then(() => (over = true));
  while (!over) {
    await page.keyboard.press("x");
    await page.waitForTimeout(PRESS_EVERY);
  }
  const seconds = (performance.now() - begun) / 1000;
  const { delays, painted } = (await page.evaluate("pressed")) as Round;
  return { delays, painted, seconds };
}

/** In the page: of each letter that goes into a text box, how long it waited and when it was painted. */
const WATCH = `
  globalThis.pressed = { delays: [], painted: [] };
  document.addEventListener("keydown", (event) => {
    if (event.target.matches(".xterm-helper-textarea")) return;
    pressed.delays.push(performance.now() - event.timeStamp);
    afterPaint(() => pressed.painted.push(performance.now() - event.timeStamp));
  }, { capture: true });
`;

/** \yes without an end: from Ctrl-C to the painted prompt. */
export function interruptFlood(): Promise<Measured> {
  return inBrowser(async (bench) => {
    const page = await openLab(bench);
    const rounds: number[] = [];
    for (let count = 0; count < ROUNDS; count++) {
      await page.keyboard.type("clear; yes\n");
      await shows(page, /yyyy/);
      await page.waitForTimeout(2_000);
      await page.evaluate(AFTER_PAINT + UNTIL_PROMPT);
      await page.keyboard.press("Control+c");
      const waited = await page.waitForFunction(() => (globalThis as { waited?: number }).waited);
      rounds.push((await waited.jsonValue())!);
    }
    return ofRounds(rounds);
  });
}

const UNTIL_PROMPT = `
  globalThis.waited = undefined;
  const look = (since) => {
    if (${String(PROMPT)}.test(document.querySelector(".xterm-rows").textContent)) afterPaint(() => globalThis.waited = performance.now() - since);
    else requestAnimationFrame(() => look(since));
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "c") look(event.timeStamp);
  }, { capture: true, once: false });
`;
