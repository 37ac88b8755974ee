import { loadavg } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { median, type Measured } from "../../../server/sim/kernel/bench.ts";
import { launchChromium } from "../browser.ts";
import { TestServer } from "../server.ts";

export interface BrowserBench {
  readonly browser: Browser;
  readonly server: TestServer;
}

let built: Promise<unknown> | undefined;

/** A real Chromium beside a server of its own, with the page as it is shipped. */
export async function inBrowser(run: (bench: BrowserBench) => Promise<Measured>): Promise<Measured> {
  await (built ??= build({ root: join(import.meta.dirname, "../.."), logLevel: "error", mode: "production" }));
  const server = new TestServer();
  const [browser] = await Promise.all([launchChromium(), server.start()]);
  try {
    return await run({ browser, server });
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Opens a fresh attempt at a lab, and waits for its prompt. */
export async function openLab({ browser, server }: BrowserBench): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const answer = await page.request.post(`${server.url}/api/attempts`, { data: { kind: "lab", of: "lost-endpoints" } });
  const { id } = (await answer.json()) as { id: string };
  await page.goto(`${server.url}/attempts/${id}`);
  await shows(page, PROMPT);
  await page.locator(".xterm-helper-textarea").focus();
  return page;
}

/** Waits until the terminal's text matches. `polling`: in milliseconds, or at each frame. */
export async function shows(page: Page, what: RegExp, polling: number | "raf" = "raf"): Promise<void> {
  await page.waitForFunction(
    (pattern) => new RegExp(pattern).test(document.querySelector(".xterm-rows")?.textContent ?? ""),
    what.source,
    { polling },
  );
}

/** A prompt is the last thing on the screen. */
export const PROMPT = /[#$]\s*$/;

/**
 * Reads what the page's main thread has worked so far, in milliseconds of processor time: it does not grow while others
 * have the processor.
 */
export async function pageWork(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")!.value * 1000;
  };
}

/** The median of what rounds measured, each of them, and how busy the machine was. */
export function ofRounds(rounds: readonly number[], more = ""): Measured {
  const each = rounds.map((value) => value.toFixed(0)).join(" ");
  return { value: median(rounds), detail: `${each}${more}; load ${loadavg()[0]!.toFixed(1)}` };
}

/** The value that so large a share of all does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!;
}

/**
 * In the page: `afterPaint(run)` runs it as soon as the frame that is being made is painted. A message is a task, and the
 * first task behind a frame comes when its drawing has been handed over.
 */
export const AFTER_PAINT = `
  globalThis.afterPaint = (run) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = run;
    port2.postMessage(0);
  });
`;
