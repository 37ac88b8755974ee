import type { Measured } from "../../../server/sim/kernel/bench.ts";
import { AFTER_PAINT, inBrowser, ofRounds } from "./in-browser.bench.ts";

const STARTS = 7;

/** What a learner waits for: from the click on Start to the painted prompt. */
export function startToPrompt(): Promise<Measured> {
  return inBrowser(async ({ browser, server }) => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const times: number[] = [];
    for (let count = 0; count <= STARTS; count++) {
      await page.goto(`${server.url}/`);
      await page.getByRole("button", { name: "Start Lost endpoints" }).waitFor();
      // Somebody reads the list before they choose.
      await page.waitForTimeout(count === 0 ? 6_000 : 1_500);
      await page.evaluate(AFTER_PAINT + WATCH);
      await page.getByRole("button", { name: "Start Lost endpoints" }).click();
      const waited = await page.waitForFunction(() => (globalThis as { waited?: number }).waited);
      if (count > 0) times.push((await waited.jsonValue())!);
      const id = new URL(page.url()).pathname.split("/")[2]!;
      await page.request.post(`${server.url}/api/attempts/${id}/submit`);
    }
    return ofRounds(times);
  });
}

/** In the page: from the next click to the first painted frame in which the terminal shows a prompt. */
const WATCH = `
  const watch = (since) => {
    const shown = document.querySelector(".xterm-rows")?.textContent ?? "";
    if (/[#$]/.test(shown)) afterPaint(() => globalThis.waited = performance.now() - since);
    else requestAnimationFrame(() => watch(since));
  };
  document.addEventListener("click", (event) => watch(event.timeStamp), { capture: true, once: true });
`;
