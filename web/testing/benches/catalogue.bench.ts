import { median, type Measured } from "../../../server/sim/kernel/bench.ts";
import { AFTER_PAINT, inBrowser, ofRounds, pageWork } from "./in-browser.bench.ts";

const VISITS = 9;

/**
 * A first visit: nothing is in the browser's cache. From the navigation until a lab's Start is painted, can be pressed, and
 * a task that is asked for then is run at once.
 */
export function coldCatalogue(): Promise<Measured> {
  return inBrowser(async ({ browser, server }) => {
    const times: number[] = [];
    const works: number[] = [];
    for (let count = 0; count < VISITS; count++) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      await context.addInitScript(AFTER_PAINT + WATCH);
      const page = await context.newPage();
      const work = await pageWork(page);
      await page.goto(`${server.url}/`);
      const there = await page.waitForFunction(() => (globalThis as { interactive?: number }).interactive);
      times.push((await there.jsonValue())!);
      works.push(await work());
      await context.close();
    }
    return ofRounds(times, `; ${median(works).toFixed(0)} of processor on the main thread`);
  });
}

const WATCH = `
  const look = () => {
    const start = [...document.querySelectorAll("button")].some((button) => /^Start /.test(button.getAttribute("aria-label") ?? button.innerText));
    if (start) afterPaint(() => globalThis.interactive = performance.now());
    else requestAnimationFrame(look);
  };
  look();
`;
