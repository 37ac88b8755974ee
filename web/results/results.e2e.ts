import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../testing/browser.ts";
import { Learner } from "../testing/learner.ts";
import { TestServer } from "../testing/server.ts";

const server = new TestServer();
let browser: Browser;

beforeAll(async () => {
  [browser] = await Promise.all([launchChromium(), server.start()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function post({ page }: Learner, path: string, data?: object): Promise<{ readonly id: string }> {
  const response = await page.request.post(`${server.url}/api/attempts${path}`, data === undefined ? {} : { data });
  expect(response.ok()).toBe(true);
  return (await response.json()) as { id: string };
}

test("a result says where points and time went, what is next, how an earlier attempt was, and can be graded again", async () => {
  const learner = await Learner.arrive(browser, server);
  const { page } = learner;
  const earlier = await post(learner, "", { kind: "lab", of: "lost-endpoints", seed: 3 });
  await post(learner, `/${earlier.id}/submit`);

  await learner.startAnew("lost-endpoints");
  const namespace = await learner.copied("in namespace");
  await learner.run(`kubectl -n ${namespace} delete svc cart`);
  await learner.run(`kubectl -n ${namespace} expose deployment cart --port=80 --target-port=http`);
  await learner.submit();
  await learner.reads("6 / of 6 points");
  await learner.reads(/Endpoints 6 \/ of 6 0/);
  // Two lines of ours; the time is measured, however short it was.
  await learner.reads(/Lost endpoints \d+ s 2 6 \/ of 6/);
  await learner.reads("What to try next");

  await page.getByRole("button", { name: "Choose an attempt" }).click();
  await page.getByRole("menuitem").click();
  await learner.reads("2 checks better, 2 the same.");

  await page.getByRole("button", { name: /^passed Every client/ }).click();
  const stop = page.locator(".trace [aria-pressed=true]").first();
  const first = await stop.getAttribute("data-hop");
  await page.getByRole("button", { name: "Stop before" }).click();
  expect(await stop.getAttribute("data-hop")).toBe(String(Number(first) - 1));
  await stop.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  // Behind the last stop the answer's way begins.
  expect(await page.locator('[data-way="1"] [aria-pressed=true]').getAttribute("data-hop")).toBe("0");

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Save as JSON" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^drydock-lost-endpoints-.*\.json$/);

  await page.getByRole("link", { name: "Manage" }).click();
  await page.getByRole("button", { name: "Grade again" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Grade again" }).click();
  await learner.reads("graded it again: 100 %");
  await page.getByRole("link", { name: "See the result" }).click();
  await learner.reads(/Graded again .* by You, 100 %, with lab version [0-9a-f]{12}\. This one counts\./);
  await page.getByRole("button", { name: "All reports (2)" }).click();
  await page.getByRole("menuitem", { name: "The first report" }).click();
  await learner.reads("It does not count any more.");
  expect(learner.complaints).toEqual([]);
  await learner.leave();
});

test("an exam that is paused stands still and can only be read; extra time is there at once", async () => {
  const learner = await Learner.arrive(browser, server);
  const { page } = learner;
  await learner.start("Networking mock A");
  const id = new URL(page.url()).pathname.split("/").at(-1)!;
  await post(learner, `/${id}/extra-time`, { minutes: 10 });
  await learner.reads("Your instructor gave you 10 minutes more.");
  await learner.reads(/3[45]:\d\d/);
  await post(learner, `/${id}/pause`);
  await learner.reads("Your instructor has paused this attempt.");
  const clock = await page.locator(".attempt-clock").innerText();
  await learner.type("echo in vain");
  expect(await page.getByRole("button", { name: "Submit", exact: true }).isDisabled()).toBe(true);
  await page.waitForTimeout(1200);
  expect(await page.locator(".attempt-clock").innerText()).toBe(clock);
  await post(learner, `/${id}/resume`);
  await page.locator(".banner").waitFor({ state: "detached" });
  expect(await learner.run("echo on")).not.toContain("in vain");
  expect(learner.complaints).toEqual([]);
  await learner.leave();
});
