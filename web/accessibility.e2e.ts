import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "./testing/browser.ts";
import { findings } from "./testing/findings.ts";
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

test("axe finds nothing on any page, light or dark", async () => {
  const learner = await Learner.arrive(browser, server);
  await learner.reads("Lost endpoints");
  expect(await findings(learner)).toEqual([]);

  await learner.start("The network of a node");
  for (const tab of ["Task", "Questions", /Hints/, "Notes", "Docs"]) {
    await learner.page.getByRole("tab", { name: tab }).click();
    expect(await findings(learner)).toEqual([]);
  }
  await learner.page.getByRole("button", { name: "Topology", exact: true }).click();
  await learner.page.locator("[data-thing='machine:node01']").click();
  await learner.page.getByRole("region", { name: "Node node01" }).getByText("Routes").waitFor();
  expect(await findings(learner)).toEqual([]);
  await learner.page.getByRole("button", { name: "Put the cluster back to its start" }).click();
  await learner.page.getByRole("alertdialog").waitFor();
  expect(await findings(learner)).toEqual([]);
  await learner.page.keyboard.press("Escape");
  await learner.page.getByRole("button", { name: "Submit", exact: true }).click();
  await learner.page.getByRole("dialog").waitFor();
  expect(await findings(learner)).toEqual([]);
  await learner.page.keyboard.press("Escape");
  await learner.page.getByRole("button", { name: "Keys" }).click();
  await learner.page.getByRole("dialog").waitFor();
  expect(await findings(learner)).toEqual([]);
  await learner.page.keyboard.press("Escape");
  await learner.page.getByRole("button", { name: "Check", exact: true }).click();
  await learner.reads("0 / of 5");
  expect(await findings(learner)).toEqual([]);
  await learner.page.keyboard.press("Escape");

  await learner.submit();
  await learner.reads("0 / of 5 points");
  await learner.reads("What to try next");
  expect(await findings(learner)).toEqual([]);
  await learner.page.getByRole("link", { name: "Manage" }).click();
  await learner.page.getByRole("button", { name: "Grade again" }).click();
  await learner.page.getByRole("dialog").waitFor();
  expect(await findings(learner)).toEqual([]);

  const id = new URL(learner.page.url()).pathname.split("/")[2]!;
  await learner.open("/review");
  await learner.page.getByRole("link", { name: "The network of a node" }).first().waitFor();
  expect(await findings(learner)).toEqual([]);
  await learner.open(`/review/${id}`);
  await learner.page.getByRole("region", { name: "Timeline" }).waitFor();
  for (const tab of ["Commands", "State", "Comments", "Points", "Trail"]) {
    await learner.page.getByRole("tab", { name: tab }).click();
    if (tab === "State") await learner.reads("The state at");
    if (tab === "Points")
      await learner.page
        .getByRole("button", { name: /^Change the points/ })
        .first()
        .click();
    expect(await findings(learner)).toEqual([]);
  }

  await learner.open("/authoring");
  await learner.reads("Lost endpoints");
  expect(await findings(learner)).toEqual([]);
  await learner.page.getByRole("button", { name: "Copy Lost endpoints" }).click();
  await learner.page.getByRole("dialog").waitFor();
  expect(await findings(learner)).toEqual([]);
  await learner.open("/authoring/services/lost-endpoints");
  await learner.reads("No problems");
  for (const tab of ["Preview", "Variants", "Proof", "Changes"]) {
    await learner.page.getByRole("tab", { name: tab }).click();
    expect(await findings(learner)).toEqual([]);
  }

  await learner.open("/attempts/nothing");
  await learner.reads(/no attempt/i);
  expect(await findings(learner)).toEqual([]);
  await learner.open("/attempts/nothing/result");
  await learner.reads(/no attempt/i);
  expect(await findings(learner)).toEqual([]);
  await learner.open("/accounts");
  await learner.reads("There are no accounts");
  expect(await findings(learner)).toEqual([]);
  await learner.open("/classes");
  await learner.reads("New class");
  expect(await findings(learner)).toEqual([]);
  await learner.open("/design");
  await learner.reads("What opens");
  expect(await findings(learner)).toEqual([]);
  await learner.open("/nowhere");
  await learner.page.getByRole("heading", { level: 1 }).waitFor();
  expect(await findings(learner)).toEqual([]);
  await learner.leave();
});

test("a keyboard alone solves and submits a lab", async () => {
  const learner = await Learner.arrive(browser, server);
  const { page } = learner;
  await learner.reads("Lost endpoints");
  await tabTo(learner, /^Start Lost endpoints/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/attempts\/[^/]+$/);
  await learner.shows(/#\s*$/);
  // The terminal has the focus: what is typed goes there at once.
  await page.keyboard.type(
    "NS=$(kubectl get svc -A -o jsonpath='{.items[?(@.metadata.name==\"cart\")].metadata.namespace}')\r",
  );
  await page.keyboard.type("kubectl -n $NS delete svc cart\r");
  await learner.shows('service "cart" deleted');
  await page.keyboard.type("kubectl -n $NS expose deployment cart --port=80 --target-port=http\r");
  await learner.shows("service/cart exposed");
  await page.keyboard.press("Control+Alt+ArrowLeft");
  await tabTo(learner, /^Submit$/, "Shift+Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await tabTo(learner, /^Submit$/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/result$/);
  await learner.reads("6 / of 6 points");
  await learner.leave();
});

/** Presses Tab until the control with this name has the focus. */
async function tabTo({ page }: Learner, name: RegExp, key = "Tab"): Promise<void> {
  for (let count = 0; count < 120; count++) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute("aria-label") ?? (element as HTMLElement | null)?.innerText ?? "";
    });
    if (name.test(focused.trim())) return;
    await page.keyboard.press(key);
  }
  throw new Error(`no way by ${key} to ${String(name)}`);
}
