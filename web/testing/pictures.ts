import { mkdirSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";

/** A way of looking at a page. */
interface View {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly media?: { colorScheme?: "light" | "dark"; contrast?: "more"; forcedColors?: "active"; media?: "print" };
  /** What axe looks at. */
  readonly rules?: readonly string[];
}

const ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const COLOURS = ["color-contrast"];
/** Every page. */
const USUAL: readonly View[] = [
  { name: "light", width: 1440, height: 900, media: { colorScheme: "light" }, rules: ALL },
  { name: "dark", width: 1440, height: 900, media: { colorScheme: "dark" }, rules: COLOURS },
  { name: "390", width: 390, height: 844, media: { colorScheme: "light" }, rules: ALL },
];
/** The main pages. */
const FURTHER: readonly View[] = [
  { name: "1024", width: 1024, height: 768, media: { colorScheme: "light" } },
  { name: "390-dark", width: 390, height: 844, media: { colorScheme: "dark" } },
  // High contrast is 7:1.
  { name: "contrast", width: 1440, height: 900, media: { contrast: "more" }, rules: ["color-contrast-enhanced"] },
  {
    name: "contrast-dark",
    width: 1440,
    height: 900,
    media: { contrast: "more", colorScheme: "dark" },
    rules: ["color-contrast-enhanced"],
  },
  { name: "forced", width: 1440, height: 900, media: { forcedColors: "active" } },
  // At 200 % a page has half of the window in each direction.
  { name: "zoom", width: 720, height: 450 },
];
/** On paper: A4, as browsers lay it out. */
const PRINTED: View = { name: "print", width: 760, height: 1080, media: { media: "print" } };
/** A picture is not higher: what is below looks like what is above. */
const HIGHEST = 2_000;
const CALM = {
  colorScheme: "light",
  contrast: "no-preference",
  forcedColors: "none",
  reducedMotion: "reduce",
  media: "screen",
} as const;

export interface Picture {
  readonly name: string;
  /** With the server's address. */
  readonly url: string;
  /** A selector: the page is there. */
  readonly ready: string;
  /** What is done on it first. */
  readonly open?: (page: Page) => Promise<void>;
  /** In all views. */
  readonly main?: boolean;
  /** And as it is printed. */
  readonly printed?: boolean;
  /** Somebody who is signed in. */
  readonly context?: BrowserContext;
  /** The network may fail here. */
  readonly offline?: boolean;
}

/** Takes pictures of pages in all views, and finds what is wrong with them: axe, scrolling sideways, motion, the console. */
export class Pictures {
  readonly findings: string[] = [];
  readonly #browser: Browser;
  readonly #folder: string;
  /** Only pictures whose names begin with one of these; all if there are none. */
  readonly #only: readonly string[];

  constructor(browser: Browser, folder: string, only: readonly string[]) {
    mkdirSync(folder, { recursive: true });
    this.#browser = browser;
    this.#folder = folder;
    this.#only = only;
  }

  wants(name: string): boolean {
    return this.#only.length === 0 || this.#only.some((start) => name.startsWith(start));
  }

  async take({ name, url, ready, open, main, context, offline, printed }: Picture): Promise<void> {
    if (!this.wants(name)) return;
    const page = context ? await context.newPage() : await this.#browser.newPage();
    page.setDefaultTimeout(120_000);
    this.#listen(page, name, offline === true);
    try {
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.emulateMedia(CALM);
      await page.goto(url);
      await page.waitForSelector(ready);
      await open?.(page);
      await page.evaluate(() => document.fonts.ready);
      const views = [...USUAL, ...(main ? FURTHER : []), ...(printed ? [PRINTED] : [])];
      for (const view of views) await this.#look(page, name, view);
    } catch (error) {
      this.findings.push(`${name}: no picture: ${String(error)}`);
    } finally {
      await (context ? page.close() : page.context().close());
    }
  }

  #listen(page: Page, name: string, offline: boolean): void {
    page.on("pageerror", (error) => this.findings.push(`${name}: ${error.message}`));
    page.on("console", (message) => {
      const network = /^(Failed to load resource|WebSocket connection)/.test(message.text());
      if (message.type() === "error" && !(offline && network))
        this.findings.push(`${name}: console: ${message.text()} ${message.location().url}`);
    });
  }

  async #look(page: Page, name: string, view: View): Promise<void> {
    const where = `${name} ${view.name}`;
    await page.emulateMedia({ ...CALM, ...view.media });
    await page.setViewportSize({ width: view.width, height: view.height });
    await page.waitForTimeout(250);
    const found = await page.evaluate(lookAround);
    this.findings.push(...found.map((words) => `${where}: ${words}`));
    const height = Math.min(HIGHEST, await page.evaluate(() => document.documentElement.scrollHeight));
    await page.screenshot({
      path: join(this.#folder, `${name}-${view.name}.png`),
      // What lies above the page covers the window only.
      ...((await page.locator("[role=alertdialog], [role=dialog]").count()) > 0
        ? {}
        : { fullPage: true, clip: { x: 0, y: 0, width: view.width, height: Math.max(height, view.height) } }),
    });
    if (view.rules) this.findings.push(...(await axeFinds(page, view.rules)).map((words) => `${where}: ${words}`));
  }
}

/** In the page: what scrolls sideways, and what moves although nothing is to move. */
function lookAround(): string[] {
  const found: string[] = [];
  const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (over > 0) found.push(`scrolls sideways by ${over} px`);
  for (const animation of document.getAnimations()) {
    const { duration, iterations } = animation.effect?.getComputedTiming() ?? {};
    if (animation.playState === "running" && iterations === Infinity && Number(duration) > 10)
      found.push(`moves: ${(animation.effect as KeyframeEffect).target?.className ?? "?"}`);
  }
  return found;
}

async function axeFinds(page: Page, rules: readonly string[]): Promise<string[]> {
  // By the debugger, as the page's content security policy is for pages.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(async (given) => {
    const { axe: loaded } = globalThis as unknown as { axe: typeof axe };
    const byTag = given[0]!.startsWith("wcag");
    const rules = byTag ? {} : Object.fromEntries(given.map((id) => [id, { enabled: true }]));
    return loaded.run({ runOnly: { type: byTag ? "tag" : "rule", values: [...given] }, rules });
  }, rules);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.slice(0, 4).map(({ target, any }) => `${id}: ${help}: ${String(target)} ${any[0]?.message ?? ""}`),
  );
}
