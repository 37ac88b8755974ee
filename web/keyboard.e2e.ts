import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "./testing/browser.ts";
import { Learner } from "./testing/learner.ts";
import { TestServer } from "./testing/server.ts";

const server = new TestServer();
let browser: Browser;

beforeAll(async () => {
  [browser] = await Promise.all([launchChromium(), server.start()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** Goes through a page by Tab. What is wrong with its stops, and how many there are until the first one comes again. */
async function walk({ page }: Learner, most: number): Promise<{ wrong: string[]; stops: string[] }> {
  const wrong: string[] = [];
  const stops: string[] = [];
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  for (let count = 0; count < most; count++) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      if (!element || element === document.body) return undefined;
      const { width, height, left, right } = element.getBoundingClientRect();
      const marked = [element, element.parentElement!, element.parentElement!.parentElement!].some((each) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(each);
        return outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0;
      });
      // A drawing has a halo.
      const halo = element.querySelector(".trace-halo");
      const haloed = halo !== null && Number.parseFloat(getComputedStyle(halo).strokeWidth) >= 2;
      const seen = width > 1 && height > 1 && right > 0 && left < window.innerWidth;
      const name = element.getAttribute("aria-label") ?? (element.innerText || element.outerHTML.slice(0, 80));
      return { name: name.trim().replace(/\s+/g, " "), marked: marked || haloed, seen };
    });
    // Behind the last one the browser's own bar comes.
    if (stop === undefined) break;
    stops.push(stop.name);
    if (!stop.seen) wrong.push(`not to be seen: ${stop.name}`);
    if (!stop.marked) wrong.push(`no mark of the focus: ${stop.name}`);
  }
  return { wrong, stops };
}

test("every page is walked by Tab: the skip link first, each stop seen and marked, and no trap", async () => {
  const person = await Learner.arrive(browser, server);
  const { page } = person;
  // What is walked is there without a workspace: that one's way by keyboard is another test's.
  const made = await page.request.post(`${server.url}/api/attempts`, { data: { kind: "lab", of: "lost-endpoints" } });
  const { id } = (await made.json()) as { id: string };
  expect((await page.request.post(`${server.url}/api/attempts/${id}/submit`)).ok()).toBe(true);
  const pages = [
    [`/attempts/${id}/result`, "What to try next"],
    [`/attempts/${id}/manage`, "Grade again"],
    ["/review", "Lost endpoints"],
    [`/review/${id}`, "plays"],
    ["/authoring", "Lost endpoints"],
    ["/classes", "New class"],
    ["/accounts", "There are no accounts"],
    ["/nowhere", "page"],
  ] as const;
  for (const [path, words] of pages) {
    await person.open(path);
    await person.reads(words);
    // Authoring is a long list of the same stops.
    const { wrong, stops } = await walk(person, path === "/authoring" ? 30 : 120);
    expect(wrong, path).toEqual([]);
    expect(stops[0], path).toBe("Skip to the content");
    expect(stops.length, path).toBeLessThan(120);
  }
  await person.open("/");
  await person.reads("Lost endpoints");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.closest("main") !== null)).toBe(true);
  expect(person.complaints).toEqual([]);
  await person.leave();
});

test("a terminal finds, copies, opens links, grows, keeps 5,000 lines and stands beside others", async () => {
  const person = await Learner.arrive(browser, server);
  const { page } = person;
  await person.startAnew("node-network");
  const first = person.terminal(1);
  await person.type("seq 1 6000 | sed 's/^/line-/'; echo http://192.0.2.1/page");
  await person.shows(/192\.0\.2\.1\/page\n.*#$/);

  // A link: only with Ctrl.
  const link = first.locator(".xterm-rows > div", { hasText: /^http:/ });
  const box = (await link.boundingBox())!;
  const opened = page.waitForEvent("popup");
  await page.mouse.move(box.x + 30, box.y + 8);
  await page.waitForTimeout(300);
  await page.keyboard.down("Control");
  await page.mouse.click(box.x + 40, box.y + 8);
  await page.keyboard.up("Control");
  await (await opened).close();

  // Find: what scrolled by within 5,000 lines, and nothing that is older.
  const find = async (text: string): Promise<string> => {
    await page.getByRole("textbox", { name: "Find" }).fill(text);
    await page.waitForTimeout(300);
    return page.locator(".find-none").innerText();
  };
  await first.getByRole("textbox").focus();
  await page.keyboard.press("Control+Shift+F");
  expect(await find("line-1100")).toBe("");
  expect(await find("line-900")).toBe("not found");
  expect(await find("line-5990")).toBe("");
  await page.keyboard.press("Escape");
  expect(await page.evaluate(() => document.activeElement?.className)).toBe("xterm-helper-textarea");

  // What is selected is copied, by keys and, if that is chosen, by itself.
  await page.mouse.dblclick(box.x + 4, box.y + 8);
  await page.keyboard.press("Control+Shift+C");
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^http/);

  // Larger text: fewer columns.
  const columns = async (): Promise<number> =>
    Number(/(\d+)×/.exec(await page.locator(".status-line").innerText())![1]);
  const usual = await columns();
  await page.getByRole("button", { name: "More for this terminal" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Larger text" }).click();
  await page.keyboard.press("Escape");
  await expect.poll(columns).toBeLessThan(usual);

  // Beside it another one, and from pane to pane by keys.
  await page.getByRole("button", { name: "Split to the right" }).click();
  await person.shows(/#\s*$/, 2);
  await person.run("echo two", 2);
  await page.keyboard.press("Control+Alt+ArrowLeft");
  await page.keyboard.type("echo back-in-one\r");
  await person.shows("\nback-in-one", 1);

  // The map of keys, by key and back.
  await page.getByRole("tab", { name: "Task", exact: true }).focus();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "Keys" }).waitFor({ state: "detached" });
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("tab");
  expect(person.complaints).toEqual([]);
  await person.leave();
});
