/**
 * Takes pictures of all pages, in both themes, of a real server with a real attempt, and runs axe on each.
 * `node web/screenshots.ts [FOLDER]` (default /tmp/drydock-screenshots) after `npm run build`. Exit code 1: axe found
 * something, or a page scrolls sideways. Look at the pictures whenever you touched `web/`.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { launchChromium } from "./testing/browser.ts";
import { TestServer } from "./testing/server.ts";

const FOLDER = process.argv[2] ?? "/tmp/drydock-screenshots";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Half of the repair of lost-endpoints (its namespace is `shop` with seed 3): the result has a trace to show. */
const TYPED = [
  "kubectl -n shop get pods,svc",
  "kubectl -n shop get endpointslices",
  `kubectl -n shop patch svc cart --type merge -p '{"spec":{"selector":{"app":"cart"}}}'`,
  "kubectl -n shop get endpointslices",
];

const ROWS = ".row-lab";
const CHECKS = ".check";
const TERMINAL = ".xterm-screen";

const server = new TestServer({ DRYDOCK_AUTHORING: join(FOLDER, "labs") });
await server.start();
const browser = await launchChromium();
const findings: string[] = [];

/** Opens an address in both themes, and narrow, and takes its pictures when `ready` (a selector) is there, and `open` was done. */
async function shoot(name: string, path: string, ready: string, open?: (page: Page) => Promise<void>): Promise<void> {
  const views = [
    { suffix: "dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
    { suffix: "light", colorScheme: "light", viewport: { width: 1440, height: 900 } },
    { suffix: "narrow", colorScheme: "light", viewport: { width: 390, height: 844 } },
  ] as const;
  for (const { suffix, ...view } of views) {
    const page = await browser.newPage(view);
    page.on("pageerror", (error) => findings.push(`${name} ${suffix}: ${error.message}`));
    await page.goto(server.url + path);
    await page.waitForSelector(ready);
    await open?.(page);
    await page.evaluate(() => document.fonts.ready);
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(FOLDER, `${name}-${suffix}.png`), fullPage: true });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (over > 0) findings.push(`${name} ${suffix}: scrolls sideways by ${over} px`);
    for (const words of await axe(page)) findings.push(`${name} ${suffix}: ${words}`);
    await page.close();
  }
}

async function axe(page: Page): Promise<string[]> {
  // By the debugger, as the page's content security policy is for pages.
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    interface Violation {
      readonly id: string;
      readonly help: string;
      readonly nodes: readonly { readonly target: readonly string[] }[];
    }
    const { violations } = await axe.run();
    return violations.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
    );
  });
}

async function post(path: string, body?: object): Promise<{ readonly id: string }> {
  const headers = { origin: server.url, ...(body === undefined ? {} : { "content-type": "application/json" }) };
  const response = await fetch(server.url + path, {
    method: "POST",
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as { id: string; message?: string };
  if (!response.ok) throw new Error(`${path}: ${answer.message ?? response.status}`);
  return answer;
}

/** Types into the first terminal, once. */
async function work(path: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(server.url + path);
  await page.locator(".xterm-helper-textarea").first().focus();
  await page.waitForTimeout(1000);
  for (const line of TYPED) {
    await page.keyboard.type(`${line}\n`, { delay: 2 });
    await page.waitForTimeout(1500);
  }
  await page.close();
}

try {
  mkdirSync(FOLDER, { recursive: true });
  await shoot("catalogue-first", "/", ROWS);
  const lab = await post("/api/attempts", { kind: "lab", of: "lost-endpoints", seed: 3 });
  await work(`/attempts/${lab.id}`);
  await shoot("workspace", `/attempts/${lab.id}`, TERMINAL);
  await shoot("own-kubectl", `/attempts/${lab.id}`, TERMINAL, async (page) => {
    await page.getByRole("button", { name: "Your own kubectl" }).click();
    await page.waitForSelector(".own-kubectl");
  });
  await shoot("topology", `/attempts/${lab.id}`, TERMINAL, async (page) => {
    await page.getByRole("button", { name: "Topology", exact: true }).click();
    await page.locator("[data-thing$='/cart']").first().click();
  });
  await shoot("documentation", `/attempts/${lab.id}`, TERMINAL, (page) =>
    page.getByRole("tab", { name: "Docs" }).click(),
  );
  await shoot("keys", `/attempts/${lab.id}`, TERMINAL, (page) => page.getByRole("button", { name: "Keys" }).click());
  await shoot("reset", `/attempts/${lab.id}`, TERMINAL, (page) =>
    page.getByRole("button", { name: "Put the cluster back" }).click(),
  );
  await post(`/api/attempts/${lab.id}/submit`);
  await post(`/api/attempts/${lab.id}/regrade`);
  await shoot("result", `/attempts/${lab.id}/result`, CHECKS);
  await shoot("manage", `/attempts/${lab.id}/manage`, ".manage-table");
  const exam = await post("/api/attempts", { kind: "exam", of: "networking-mock-a", seed: 4 });
  await shoot("workspace-exam", `/attempts/${exam.id}`, TERMINAL);
  await post(`/api/attempts/${exam.id}/extra-time`, { minutes: 10 });
  await post(`/api/attempts/${exam.id}/pause`);
  await shoot("workspace-paused", `/attempts/${exam.id}`, TERMINAL);
  await shoot("manage-exam", `/attempts/${exam.id}/manage`, ".manage-table");
  await post(`/api/attempts/${exam.id}/resume`);
  await shoot("catalogue", "/", ROWS);
  await post(`/api/attempts/${exam.id}/submit`);
  await shoot("result-exam", `/attempts/${exam.id}/result`, CHECKS);
  await shoot("review-list", "/review", "table");
  await shoot("review", `/review/${lab.id}`, ".stretch", async (page) => {
    for (let count = 0; count < 3; count++) await page.keyboard.press("]");
  });
  await shoot("review-state", `/review/${lab.id}`, ".stretch", async (page) => {
    for (let count = 0; count < 3; count++) await page.keyboard.press("]");
    await page.getByRole("tab", { name: "State" }).click();
    await page.waitForSelector(".state-table");
  });
  await shoot("authoring", "/authoring", ".authoring-lab");
  await shoot("authoring-new", "/authoring", ".authoring-lab", async (page) => {
    await page.getByRole("button", { name: "New lab" }).click();
    await page.waitForSelector(".word-field");
  });
  const EDITOR = "/authoring/services/lost-endpoints";
  await shoot("editor", EDITOR, ".problem-none");
  await shoot("editor-problem", EDITOR, ".problem-none", async (page) => {
    await page.getByRole("textbox", { name: "lab.yaml, text" }).press("Control+End");
    await page.keyboard.type("clu");
    await page.waitForSelector(".cm-tooltip-autocomplete");
    await page.waitForSelector(".problem");
    await page.getByRole("tab", { name: "Changes" }).click();
  });
  await shoot("editor-proof", EDITOR, ".problem-none", async (page) => {
    await page.getByRole("button", { name: "Prove it" }).click();
    await page.waitForSelector(".proof-holds", { timeout: 120_000 });
  });
  await shoot("accounts", "/accounts", ".notice");
  await shoot("classes", "/classes", ".class-line");
  await shoot("design", "/design", "h1");
  await shoot("not-found", "/nothing/here", "h1");
} finally {
  await browser.close();
  await server.stop();
}
for (const finding of findings) console.error(finding);
console.log(`${FOLDER}: pictures taken, ${findings.length} findings`);
process.exitCode = findings.length > 0 ? 1 : 0;
