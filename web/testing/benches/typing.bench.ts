import type { Page } from "playwright-core";
import type { Measured } from "../../../server/sim/kernel/bench.ts";
import {
  AFTER_PAINT,
  inBrowser,
  ofRounds,
  openLab,
  pageWork,
  percentile,
  PROMPT,
  shows,
  type BrowserBench,
} from "./in-browser.bench.ts";

const LINES = 6;
const KEYS = 60;
/** Milliseconds between two keys: different ones, so that they do not keep step with the frames. */
const PAUSES = [53, 71, 97, 61, 83];

/** From a key to its painted glyph, by way of the server's shell: of each typed line the time that 95 % of its keys keep. */
export function keyToGlyph(): Promise<Measured> {
  return inBrowser(async (bench) => {
    const page = await openLab(bench);
    await page.evaluate(AFTER_PAINT + WATCH);
    // What runs for the first time is compiled.
    await typeLine(page);
    const work = await pageWork(page);
    const before = await work();
    const lines: number[] = [];
    for (let count = 0; count < LINES; count++) lines.push(percentile(await typeLine(page), 0.95));
    const each = ((await work()) - before) / (LINES * KEYS);
    const bare = percentile(await bareBox(bench), 0.95);
    return ofRounds(
      lines,
      `; ${each.toFixed(1)} of processor a key; a bare text box without a server: ${bare.toFixed(0)}`,
    );
  });
}

/** The same keys in an empty page's text box: what browser and machine take at least. */
async function bareBox({ browser }: BrowserBench): Promise<number[]> {
  const page = await browser.newPage();
  await page.setContent("<textarea></textarea>");
  await page.locator("textarea").focus();
  await page.evaluate(`${AFTER_PAINT}
    globalThis.keys = [];
    document.addEventListener("keydown", ({ timeStamp }) => afterPaint(() => keys.push(performance.now() - timeStamp)));
  `);
  for (let count = 0; count < KEYS; count++) {
    await page.keyboard.press("a");
    await page.waitForTimeout(PAUSES[count % PAUSES.length]!);
  }
  return (await page.evaluate("keys")) as number[];
}

/** How long each key of a line took, in milliseconds. */
async function typeLine(page: Page): Promise<number[]> {
  await page.keyboard.press("Control+c");
  await shows(page, PROMPT);
  await page.evaluate("globalThis.keys = []");
  for (let count = 0; count < KEYS; count++) {
    await page.keyboard.press(String.fromCharCode(97 + (count % 26)));
    await page.waitForTimeout(PAUSES[count % PAUSES.length]!);
  }
  const done = await page.waitForFunction((count) => {
    const { keys } = globalThis as unknown as { keys: number[] };
    return keys.length >= count ? keys : undefined;
  }, KEYS);
  return (await done.jsonValue())!;
}

/** In the page: `keys` are the times of the keys since the last prompt, each until so many letters were painted behind it. */
const WATCH = `
  globalThis.keys = [];
  const pressed = [];
  const rows = document.querySelector(".xterm-rows");
  const letters = () => /[#$] ?([a-z]*)\\s*$/.exec(rows.textContent)?.[1].length ?? 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey) pressed.length = 0;
    else pressed.push(event.timeStamp);
  }, { capture: true });
  new MutationObserver(() => {
    const drawn = letters();
    if (drawn > pressed.length) return;
    // xterm draws in a frame: the next task comes when that is painted.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      const now = performance.now();
      for (let at = keys.length; at < drawn; at++) keys.push(now - pressed[at]);
    };
    port2.postMessage(0);
  }).observe(rows, { subtree: true, childList: true, characterData: true });
`;
