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

const CREATE = "kubectl -n default create configmap found-by-me";

test("a reviewer sees what was done and when, looks into the cluster then, and the learner reads what they say", async () => {
  const person = await Learner.arrive(browser, server);
  const { page } = person;
  await person.start("Lost endpoints");
  await person.run(CREATE);
  await person.run("kubectl -n default delete configmap found-by-me");
  await person.submit();
  const id = new URL(page.url()).pathname.split("/")[2]!;
  expect(await page.getByRole("heading", { name: "Review" }).count()).toBe(0);

  // The list finds it.
  await person.open("/review");
  await page.getByRole("searchbox", { name: "Search attempts" }).fill("endpoints");
  await page.getByRole("link", { name: "Lost endpoints" }).click();
  await page.waitForURL(new RegExp(`/review/${id}$`));

  // It plays, and one goes to a command by what was typed and by keys.
  const replay = page.getByRole("group", { name: "Terminal 1, replay" });
  const shown = async (): Promise<string> =>
    (await replay.locator(".xterm-accessibility-tree").innerText()).replaceAll("\u00a0", " ");
  const clock = (): Promise<string> => page.getByTestId("replay-clock").innerText();
  await page.locator(".command").nth(1).waitFor();
  await page.getByLabel("Speed").selectOption("16");
  await page.getByRole("button", { name: "Play" }).click();
  await expect.poll(shown, { timeout: 10_000 }).toContain("deleted");
  await page.getByRole("slider", { name: "Moment" }).press("Home");
  await expect.poll(clock).toMatch(/Moment\s*00:00/);
  if (await page.getByRole("button", { name: "Pause" }).isVisible())
    await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("searchbox", { name: "Search in what was typed" }).fill("create configmap");
  await page.keyboard.press("Enter");
  await expect.poll(shown, { timeout: 10_000 }).toContain("configmap/found-by-me created");
  expect(await shown()).not.toContain("deleted");

  // The cluster as it was then, and a terminal in it.
  await page.getByRole("tab", { name: "State" }).click();
  await page.getByLabel("kubectl get").selectOption("configmaps");
  const table = page.getByRole("region", { name: "State: configmaps" });
  await table.getByText("found-by-me").waitFor();
  await page.getByRole("button", { name: "Open a sandbox terminal" }).click();
  const sandbox = page.getByRole("group", { name: "Sandbox terminal" });
  await sandbox.locator(".xterm-accessibility-tree").getByText(/#/).first().waitFor();
  await page.keyboard.type("kubectl -n default get configmap found-by-me -o name\n");
  await sandbox
    .locator(".xterm-accessibility-tree")
    .getByText(/^configmap\/found-by-me/)
    .waitFor();
  await page.keyboard.press("Control+Alt+ArrowDown");
  await page.keyboard.press("Enter");
  await sandbox.waitFor({ state: "detached" });
  await page.getByRole("tab", { name: "State" }).focus();
  await page.keyboard.press("]");
  await table.getByText("found-by-me").waitFor({ state: "detached" });

  // What the reviewer says and gives.
  await page.keyboard.press("c");
  await page.locator("textarea:focus").waitFor();
  await page.keyboard.type("A good place to begin.");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: /^Remove the comment on/ }).waitFor();
  await page.getByRole("tab", { name: "Points" }).click();
  await page.getByRole("button", { name: /^Change the points of: Every client/ }).click();
  await page.getByLabel("Points, of 3").fill("2");
  await page.getByLabel("Reason").fill("Half of it was understood.");
  await page.getByRole("button", { name: "Give these points" }).click();
  await person.reads("with the reviewers' points");
  await page.getByRole("tab", { name: "Trail" }).click();
  await person.reads("repair/answers: 2 in the place of 0. Half of it was understood.");
  const checks = await (await page.request.get(`${server.url}/api/reviews/${id}/checks.csv`)).text();
  expect(checks).toContain(",fail,0,3,2,Half of it was understood.,You\r\n");

  await person.open(`/attempts/${id}/result`);
  await person.reads("A good place to begin.");
  await person.reads(/Every client in \S+ gets the cart page [^:]*: 2 points, by You Half of it was understood\./);
  expect(person.complaints).toEqual([]);
  await person.leave();
});
