/**
 * Takes pictures of all pages of a real server with real attempts: light, dark and at 390 px; the main pages also at
 * 1024 px, zoomed to 200 %, with more contrast and with forced colours. In all of them nothing is to move. Looks for what
 * axe finds, what scrolls sideways, and errors on the console; exit code 1 if there is something.
 * `node web/screenshots.ts [FOLDER [NAME…]]` (default /tmp/drydock-screenshots, all) after `npm run build`. Look at the
 * pictures whenever you touched `web/`.
 */
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { launchChromium } from "./testing/browser.ts";
import { Pictures, type Picture } from "./testing/pictures.ts";
import { TestServer } from "./testing/server.ts";

const [FOLDER = "/tmp/drydock-screenshots", ...NAMES] = process.argv.slice(2);
const PASSWORD = "correct horse battery";

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

let server = new TestServer({ DRYDOCK_AUTHORING: join(FOLDER, "labs") });
const browser = await launchChromium();
const pictures = new Pictures(browser, FOLDER, NAMES);

async function shoot(name: string, path: string, ready: string, more: Partial<Picture> = {}): Promise<void> {
  await pictures.take({ name, url: server.url + path, ready, ...more });
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
  page.setDefaultTimeout(120_000);
  await page.goto(server.url + path);
  await page.waitForFunction(() => /[#$]/.test(document.querySelector(".xterm-rows")?.textContent ?? ""));
  await page.locator(".xterm-helper-textarea").first().focus();
  for (const line of TYPED) {
    await page.keyboard.type(`${line}\n`, { delay: 2 });
    await page.waitForTimeout(1500);
  }
  await page.close();
}

const press = (name: string | RegExp) => (page: Page) =>
  page
    .getByRole("button", { name, exact: typeof name === "string" })
    .first()
    .click();
const tab = (name: string | RegExp) => (page: Page) => page.getByRole("tab", { name }).click();

async function catalogue(): Promise<void> {
  await shoot("catalogue-first", "/", ROWS);
  await shoot("catalogue-none", "/", ROWS, {
    open: (page) => page.getByRole("searchbox").first().fill("no such lab anywhere"),
  });
  await shoot("catalogue-exam", "/", ROWS, { open: press(/^Start Networking mock A/) });
  await shoot("catalogue-loading", "/", ".loading", {
    open: async (page) => {
      await page.route("**/api/catalogue**", () => {});
      await page.reload();
      await page.waitForSelector(".loading");
    },
  });
  await shoot("catalogue-broken", "/", ROWS, {
    offline: true,
    open: async (page) => {
      const answer = { status: 500, json: { code: "internal", message: "The server could not read its labs." } };
      await page.route("**/api/catalogue**", (route) => route.fulfill(answer));
      await page.reload();
      await page.waitForTimeout(4_000);
    },
  });
}

async function workspace(path: string): Promise<void> {
  await shoot("workspace", path, TERMINAL, { main: true });
  await shoot("workspace-hints", path, TERMINAL, {
    open: async (page) => {
      await tab(/Hints/)(page);
      await page.getByRole("button", { name: /hint/i }).first().click();
    },
  });
  await shoot("workspace-notes", path, TERMINAL, { open: tab("Notes") });
  await shoot("workspace-docs", path, TERMINAL, { open: tab("Docs") });
  await shoot("workspace-check", path, TERMINAL, {
    open: async (page) => {
      await press("Check")(page);
      await page.getByText(/of 6/).first().waitFor();
    },
  });
  await shoot("workspace-submit", path, TERMINAL, { open: press("Submit") });
  await shoot("workspace-reset", path, TERMINAL, { open: press(/^Put the cluster back/) });
  await shoot("workspace-keys", path, TERMINAL, { open: press("Keys") });
  await shoot("workspace-own-kubectl", path, TERMINAL, {
    open: async (page) => {
      await press("Your own kubectl")(page);
      await page.waitForSelector(".own-kubectl");
    },
  });
  await shoot("workspace-find", path, TERMINAL, {
    open: async (page) => {
      await page.locator(".xterm-helper-textarea").first().focus();
      await page.keyboard.press("Control+Shift+F");
      await page.keyboard.type("cart");
    },
  });
  await shoot("workspace-menu", path, TERMINAL, { open: press("More for this terminal") });
  await shoot("workspace-topology", path, TERMINAL, {
    open: async (page) => {
      await press("Topology")(page);
      await page.locator("[data-thing$='/cart']").first().click();
    },
  });
}

async function split(path: string): Promise<void> {
  if (!pictures.wants("workspace-split")) return;
  await shoot("workspace-split", path, TERMINAL, {
    open: async (page) => {
      for (const name of ["Split to the right", "Split below"]) {
        await press(name)(page);
        await page.waitForTimeout(800);
      }
      await press("New terminal")(page);
      await page.waitForTimeout(800);
      await page
        .getByRole("tab", { name: /controlplane/ })
        .first()
        .click();
    },
  });
}

async function reviewing(lab: string): Promise<void> {
  const goOn = async (page: Page): Promise<void> => {
    for (let count = 0; count < 3; count++) await page.keyboard.press("]");
  };
  await shoot("review-list", "/review", "table");
  await shoot("review", `/review/${lab}`, ".stretch", { main: true, open: goOn });
  await shoot("review-state", `/review/${lab}`, ".stretch", {
    open: async (page) => {
      await goOn(page);
      await tab("State")(page);
      await page.waitForSelector(".state-table");
    },
  });
  await shoot("review-comments", `/review/${lab}`, ".stretch", {
    open: async (page) => {
      await page.keyboard.press("c");
      await page.locator("textarea:focus").fill("Here the Service was looked at first: a good place to begin.");
      await page.keyboard.press("Control+Enter");
      await page
        .getByRole("button", { name: /^Remove the comment/ })
        .first()
        .waitFor();
    },
  });
  await shoot("review-points", `/review/${lab}`, ".stretch", {
    open: async (page) => {
      await tab("Points")(page);
      await press(/^Change the points of/)(page);
    },
  });
  await shoot("review-trail", `/review/${lab}`, ".stretch", { open: tab("Trail") });
  await shoot("review-sandbox", `/review/${lab}`, ".stretch", {
    open: async (page) => {
      await goOn(page);
      await tab("State")(page);
      await press("Open a sandbox terminal")(page);
      await page.waitForSelector("[role=dialog] .xterm-screen");
      await page.waitForTimeout(2_000);
    },
  });
}

async function authoring(): Promise<void> {
  await shoot("authoring", "/authoring", ".authoring-lab");
  await shoot("authoring-new", "/authoring", ".authoring-lab", {
    open: async (page) => {
      await press("New lab")(page);
      await page.waitForSelector(".word-field");
    },
  });
  const EDITOR = "/authoring/services/lost-endpoints";
  await shoot("editor", EDITOR, ".problem-none", { main: true });
  await shoot("editor-problem", EDITOR, ".problem-none", {
    open: async (page) => {
      await page.getByRole("textbox", { name: "lab.yaml, text" }).press("Control+End");
      await page.keyboard.type("clu");
      await page.waitForSelector(".cm-tooltip-autocomplete");
      await page.waitForSelector(".problem");
      await tab("Changes")(page);
    },
  });
  await shoot("editor-variants", EDITOR, ".problem-none", { open: tab("Variants") });
  await shoot("editor-proof", EDITOR, ".problem-none", {
    open: async (page) => {
      await press("Prove it")(page);
      await page.waitForSelector(".proof-holds", { timeout: 240_000 });
    },
  });
}

/** One person's server: everything but classes. */
async function alone(): Promise<void> {
  await catalogue();
  const lab = await post("/api/attempts", { kind: "lab", of: "lost-endpoints", seed: 3 });
  const path = `/attempts/${lab.id}`;
  await work(path);
  await workspace(path);
  await split(path);
  await post(`/api/attempts/${lab.id}/submit`);
  await post(`/api/attempts/${lab.id}/regrade`);
  await shoot("result", `${path}/result`, CHECKS, { main: true });
  await shoot("result-trace", `${path}/result`, CHECKS, {
    printed: true,
    open: async (page) => {
      const closed = page.locator(".check-button[aria-expanded=false]");
      while ((await closed.count()) > 0) await closed.first().click();
    },
  });
  await shoot("manage", `${path}/manage`, ".manage-table");
  const second = await post("/api/attempts", { kind: "lab", of: "lost-endpoints", seed: 3 });
  await post(`/api/attempts/${second.id}/submit`);
  await shoot("result-second", `/attempts/${second.id}/result`, CHECKS);
  const exam = await post("/api/attempts", { kind: "exam", of: "networking-mock-a", seed: 4 });
  await shoot("exam", `/attempts/${exam.id}`, TERMINAL);
  await shoot("exam-questions", `/attempts/${exam.id}`, TERMINAL, { open: tab("Questions") });
  await shoot("exam-submit", `/attempts/${exam.id}`, TERMINAL, { open: press("Submit") });
  await post(`/api/attempts/${exam.id}/extra-time`, { minutes: 10 });
  await shoot("exam-extra-time", `/attempts/${exam.id}`, TERMINAL, {
    open: async (page) => {
      await post(`/api/attempts/${exam.id}/extra-time`, { minutes: 5 });
      await page.getByText("Your instructor gave you 5 minutes more.").first().waitFor();
    },
  });
  await post(`/api/attempts/${exam.id}/pause`);
  await shoot("exam-paused", `/attempts/${exam.id}`, ".workspace");
  await shoot("manage-exam", `/attempts/${exam.id}/manage`, ".manage-table");
  await post(`/api/attempts/${exam.id}/resume`);
  await shoot("catalogue", "/", ROWS, { main: true });
  await post(`/api/attempts/${exam.id}/submit`);
  await shoot("result-exam", `/attempts/${exam.id}/result`, CHECKS);
  await reviewing(lab.id);
  await authoring();
  await shoot("accounts-none", "/accounts", ".notice");
  await shoot("classes-none", "/classes", ".class-line");
  await shoot("design", "/design", "h1");
  await shoot("not-found", "/nothing/here", "h1");
  await shoot("no-attempt", "/attempts/nothing", "h1", { offline: true });
  await shoot("no-result", "/attempts/nothing/result", "h1", { offline: true });
  const open = await post("/api/attempts", { kind: "lab", of: "lost-endpoints", seed: 3 });
  await shoot("workspace-offline", `/attempts/${open.id}`, TERMINAL, {
    offline: true,
    open: async (page) => {
      await page.waitForTimeout(1_000);
      await server.kill();
      await page
        .getByText(/connection is gone/i)
        .first()
        .waitFor();
    },
  });
}

async function signedIn(name: string, invitation?: string): Promise<BrowserContext> {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(invitation ?? server.url);
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: invitation === undefined ? "Sign in" : "Make the account" }).click();
  await page.waitForSelector(ROWS);
  await page.close();
  return context;
}

/** A server with accounts, and a class of two. */
async function together(): Promise<void> {
  await shoot("sign-in", "/", "h1");
  await shoot("sign-in-refused", "/", "h1", {
    offline: true,
    open: async (page) => {
      await page.getByLabel("Name").fill("Ada");
      await page.getByLabel("Password").fill("not this one");
      await press("Sign in")(page);
      await page.waitForSelector(".notice");
    },
  });
  const context = await signedIn("Ada");
  const ask = context.request;
  const make = async (path: string, data: object): Promise<{ id: string; link: string }> => {
    const answer = await ask.post(server.url + path, { data, headers: { origin: server.url } });
    if (!answer.ok()) throw new Error(`${path}: ${await answer.text()}`);
    return (await answer.json()) as { id: string; link: string };
  };
  await shoot("accounts", "/accounts", "main h1", { context });
  await shoot("account", "/account", "h1", { context });
  const monday = await make("/api/classes", { name: "Monday, services and DNS" });
  await shoot("class-empty", `/classes/${monday.id}`, "h1", { context });
  const { link } = await make(`/api/classes/${monday.id}/invitations`, { uses: 2, days: 7 });
  await shoot("invitation", link.replace(server.url, ""), "h1");
  const at = new URL(link, server.url).href;
  const [ann] = [await signedIn("Ann Learner", at), await signedIn("Bob Learner", at)];
  const window = { opensAt: Date.now() - 60_000, closesAt: Date.now() + 5 * 86_400_000, minutes: null };
  const lab = await make(`/api/classes/${monday.id}/assignments`, { kind: "lab", of: "lost-endpoints", ...window });
  await make(`/api/classes/${monday.id}/assignments`, {
    kind: "exam",
    of: "networking-mock-a",
    ...window,
    minutes: 90,
  });
  await shoot("catalogue-learner", "/", ROWS, { context: ann });
  const page = await ann.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(server.url);
  await press(/^Start Lost endpoints, assigned/)(page);
  await page.waitForSelector(TERMINAL);
  await page.locator(".xterm-helper-textarea").first().focus();
  await page.keyboard.type("kubectl get svc -A\n");
  await page.waitForTimeout(2_000);
  const attempt = new URL(page.url()).pathname;
  await shoot("classes", "/classes", ".class-line", { context });
  await shoot("class", `/classes/${monday.id}`, "h1", { context, main: true });
  await shoot("class-assign", `/classes/${monday.id}`, "h1", { context, open: press("Assign…") });
  const assignment = `/classes/${monday.id}/assignments/${lab.id}`;
  await shoot("assignment", assignment, "table", { context });
  await shoot("watch", `${attempt}/watch`, TERMINAL, { context });
  await ann.request.post(`${server.url}/api${attempt}/submit`, { headers: { origin: server.url } });
  await page.close();
  await shoot("assignment-done", assignment, "table", { context });
  await shoot("result-learner", `${attempt}/result`, CHECKS, { context });
  await shoot("review-class", "/review", "table", {
    context,
    open: (page) =>
      page
        .getByLabel("Class")
        .selectOption({ index: 1 })
        .then(() => {}),
  });
}

try {
  await server.start();
  await alone();
  await server.stop();
  server = new TestServer();
  server.addAccount("Ada", "admin", PASSWORD);
  await server.start();
  await together();
} finally {
  await browser.close();
  await server.stop();
}
for (const finding of pictures.findings) console.error(finding);
console.log(`${FOLDER}: pictures taken, ${pictures.findings.length} findings`);
process.exitCode = pictures.findings.length > 0 ? 1 : 0;
