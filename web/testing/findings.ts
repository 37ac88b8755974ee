import axe from "axe-core";
import type { Page } from "playwright-core";
import type { Learner } from "./learner.ts";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds on the page as it is, one line each: all rules in the light theme, those of colours in the dark one, too. */
export async function findings({ page }: Learner): Promise<string[]> {
  await page.evaluate(axe.source);
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  const light = await run(page, { runOnly: RULES });
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  const dark = await run(page, { runOnly: { type: "rule", values: ["color-contrast"] } });
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  return [...light, ...dark.map((line) => `in the dark: ${line}`)];
}

async function run(page: Page, options: axe.RunOptions): Promise<string[]> {
  const { violations } = await page.evaluate(async (given) => {
    const { axe: loaded } = globalThis as unknown as { axe: typeof axe };
    // What the theme changes is drawn then.
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    return loaded.run(given);
  }, options);
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help}: ${String(target)}`));
}
