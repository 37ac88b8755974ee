import { join } from "node:path";
import { build } from "vite";
import { median, type Bench } from "../../server/sim/kernel/bench.ts";
import { launchChromium } from "./browser.ts";
import { TestServer } from "./server.ts";

const STARTS = 7;

/** What a learner waits for in a real Chromium: from the click on Start to the painted prompt. */
export function startBenches(): Bench[] {
  return [{ name: "browser.start", unit: "ms", bar: 500, run: startToPrompt }];
}

async function startToPrompt(): Promise<number> {
  await build({ root: join(import.meta.dirname, ".."), logLevel: "error", mode: "production" });
  const server = new TestServer();
  const [browser] = await Promise.all([launchChromium(), server.start()]);
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const times: number[] = [];
    for (let count = 0; count <= STARTS; count++) {
      await page.goto(`${server.url}/`);
      await page.getByRole("button", { name: "Start Lost endpoints" }).waitFor();
      // Somebody reads the list before they choose.
      await page.waitForTimeout(count === 0 ? 6_000 : 1_500);
      await page.evaluate(WATCH);
      await page.getByRole("button", { name: "Start Lost endpoints" }).click();
      const waited = await page.waitForFunction(() => (globalThis as { waited?: number }).waited);
      if (count > 0) times.push((await waited.jsonValue())!);
      const id = new URL(page.url()).pathname.split("/")[2]!;
      await page.request.post(`${server.url}/api/attempts/${id}/submit`);
    }
    return median(times);
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** In the page: from the next click to the first frame in which the terminal shows a prompt. */
const WATCH = `
  const watch = (since) => {
    const shown = document.querySelector(".xterm-rows")?.textContent ?? "";
    if (/[#$]/.test(shown)) globalThis.waited = performance.now() - since;
    else requestAnimationFrame(() => watch(since));
  };
  document.addEventListener("click", () => watch(performance.now()), { capture: true, once: true });
`;
