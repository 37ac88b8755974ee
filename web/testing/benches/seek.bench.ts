import type { Page } from "playwright-core";
import { median, type Measured } from "../../../server/sim/kernel/bench.ts";
import { keyframesOf } from "../../../server/sessions/actor/review/keyframes.ts";
import type { Replay, Review } from "../../../server/sessions/protocol/index.ts";
import { COLS, HOUR, hourOfChecks, hourOfOutput, hourOfWork, ROWS } from "../hour.ts";
import { inBrowser, ofRounds, openLab, pageWork, type BrowserBench } from "./in-browser.bench.ts";

const ROUNDS = 5;
/** Shares of the hour: far, near, back and forth. */
const CLICKS = [0.95, 0.02, 0.52, 0.505, 0.76, 0.035, 0.97, 0.285];

/** In the review of an hour: from a press on the timeline to the painted screen of that moment. */
export function seekInHour(): Promise<Measured> {
  return inBrowser(async (bench) => {
    const page = await openReview(bench);
    const rounds: number[] = [];
    const work = await pageWork(page);
    let before = 0;
    let worst = 0;
    for (let count = 0; count <= ROUNDS; count++) {
      const times: number[] = [];
      for (const share of CLICKS) times.push(await seek(page, share + count * 0.001));
      // What runs for the first time is compiled.
      if (count === 0) before = await work();
      if (count === 0) continue;
      rounds.push(median(times));
      worst = Math.max(worst, ...times);
    }
    const all = ROUNDS * CLICKS.length;
    const each = ((await work()) - before) / all;
    return ofRounds(rounds, `; ${each.toFixed(0)} of processor each; the slowest of ${all}: ${worst.toFixed(0)}`);
  });
}

/** A real attempt, whose answers to the page are those of an hour of work. */
async function openReview(bench: BrowserBench): Promise<Page> {
  const page = await openLab(bench);
  await page.keyboard.type("echo one\n");
  await page.waitForTimeout(500);
  const id = new URL(page.url()).pathname.split("/")[2]!;
  await page.request.post(`${bench.server.url}/api/attempts/${id}/submit`);
  const review = (await (await page.request.get(`${bench.server.url}/api/reviews/${id}`)).json()) as Review;
  const start = review.attempt.startedAt;
  const events = hourOfOutput();
  const replay: Replay = {
    startedAt: start,
    cols: COLS,
    rows: ROWS,
    events,
    keyframes: await keyframesOf(COLS, ROWS, events),
  };
  const work = hourOfWork(start);
  const answers: Readonly<Record<string, object>> = {
    "": { ...review, until: start + HOUR },
    "/parts/0/terminals/1": replay,
    "/parts/0/timeline": work,
    "/parts/0/checks": hourOfChecks(work),
  };
  await page.route(`**/api/reviews/${id}**`, async (route) => {
    const what = new URL(route.request().url()).pathname.split(id)[1]!;
    const answer = answers[what];
    await (answer ? route.fulfill({ json: answer }) : route.continue());
  });
  await page.goto(`${bench.server.url}/review/${id}`);
  await page.locator(".stretch").first().waitFor();
  return page;
}

async function seek(page: Page, share: number): Promise<number> {
  await page.evaluate(WATCH);
  // In the lane of objects, whose marks let a press through.
  const box = (await page.locator(".timeline-track .lane").nth(1).boundingBox())!;
  await page.mouse.click(box.x + share * box.width, box.y + box.height / 2);
  const seconds = Math.round(share * 3_600);
  const waited = await page.waitForFunction(() => (globalThis as { sought?: { ms: number; text: string } }).sought);
  const { ms, text } = (await waited.jsonValue())!;
  const shown = Math.max(...[...text.matchAll(/pod-(\d+)-/g)].map((match) => Number(match[1])));
  if (Number.isFinite(shown) && Math.abs(shown - seconds) > 75)
    throw new Error(`second ${seconds} was sought, and ${shown} shown`);
  return ms;
}

/** In the page: from the next press to the last change of the drawn screen that is followed by 150 calm milliseconds. */
const WATCH = `
  globalThis.sought = undefined;
  document.addEventListener("pointerdown", (event) => {
    let last = 0, calm;
    const rows = document.querySelector(".replay-place .xterm-rows");
    const observer = new MutationObserver(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        last = performance.now();
        clearTimeout(calm);
        calm = setTimeout(() => {
          observer.disconnect();
          globalThis.sought = { ms: last - event.timeStamp, text: rows.innerText };
        }, 150);
      };
      port2.postMessage(0);
    });
    observer.observe(rows, { subtree: true, childList: true, characterData: true });
  }, { capture: true, once: true });
`;
