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

test("a reload in the middle of a lab changes nothing", async () => {
  const learner = await Learner.arrive(browser, server);
  await learner.startAnew("node-network");
  await learner.run("cd /etc/cni/net.d; word=kept");
  await learner.type("sleep 2; echo woken as $word");
  await learner.press("pw");
  await learner.page.getByRole("tab", { name: "Notes" }).click();
  await learner.page.getByRole("textbox", { name: "Notes" }).fill("node01 is 172.30.2.2");
  await learner.reads("saved");
  const before = await learner.screen();

  await learner.page.reload();
  await learner.shows(before.split("\n")[0]!);
  await learner.shows(/woken as kept\n.*# pw$/);
  await learner.press("d\r");
  await learner.shows("/etc/cni/net.d\n");
  expect(await learner.page.getByRole("textbox", { name: "Notes" }).inputValue()).toBe("node01 is 172.30.2.2");
  expect(learner.complaints).toEqual([]);
  await learner.leave();
});

test("the server is killed in the middle of a lab: everything is there again, and goes on", async () => {
  const learner = await Learner.arrive(browser, server);
  await learner.startAnew("lost-endpoints");
  const namespace = await learner.copied("in namespace");
  await learner.run(`export NS=${namespace}; kubectl -n $NS create configmap mark`);
  await learner.type("for i in 1 2 3 4 5 6; do echo round $i; sleep 1; done");
  await learner.shows("round 2");
  await learner.page.waitForTimeout(1_000);
  await server.kill();
  await learner.reads(/connection is gone/i);
  await server.start();
  await learner.shows(/round 6\n.*#$/);
  expect(await learner.run("echo $NS; kubectl -n $NS get cm mark -o name")).toBe(`${namespace}\nconfigmap/mark`);
  await learner.submit();
  await learner.reads(/of 6 points/);
  await learner.leave();
});

test("two browsers on one session see the same, and each other's answers", async () => {
  const one = await Learner.arrive(browser, server);
  await one.startAnew("node-network");
  const two = await Learner.arrive(browser, server);
  await two.open(new URL(one.page.url()).pathname);
  await two.shows(/#\s*$/);
  await one.run("echo from one");
  await two.shows("from one");
  await two.type("echo from two");
  await one.shows("\nfrom two");
  await one.page.getByRole("button", { name: "New terminal" }).click();
  await two.page
    .getByRole("tab", { name: /controlplane/ })
    .nth(1)
    .waitFor();
  await one.page.getByRole("tab", { name: "Questions" }).click();
  await one.page.getByRole("textbox", { name: /bridge/ }).fill("cni0");
  await two.page.getByRole("tab", { name: "Questions" }).click();
  await expect.poll(() => two.page.getByRole("textbox", { name: /bridge/ }).inputValue()).toBe("cni0");
  expect([...one.complaints, ...two.complaints]).toEqual([]);
  await Promise.all([one.leave(), two.leave()]);
});

test("the topology follows the cluster, its commands are typed, and the cluster goes back to its start", async () => {
  const learner = await Learner.arrive(browser, server);
  const { page } = learner;
  await learner.startAnew("lost-endpoints");
  const namespace = await learner.copied("in namespace");
  await page.getByRole("button", { name: "Topology", exact: true }).click();
  const topology = page.getByRole("region", { name: "Topology" });
  const cart = topology.locator(`[data-thing="service:${namespace}/cart"]`);
  await cart.getByText("no endpoints").waitFor();
  await learner.run(`kubectl -n ${namespace} patch svc cart -p '{"spec":{"selector":{"app":"cart"}}}'`);
  await cart.getByText("2 ready").waitFor();

  // By keyboard: one stop for Tab, arrows from thing to thing.
  await topology.getByRole("button", { name: /^router/ }).focus();
  await page.keyboard.press("ArrowRight");
  expect(await topology.locator("[data-thing^='service:']:focus").count()).toBe(1);
  await cart.focus();
  await page.keyboard.press("Enter");
  const see = `kubectl -n ${namespace} get endpointslices -l kubernetes.io/service-name=cart`;
  await topology.getByRole("button", { name: new RegExp(`^${see}`) }).waitFor();
  expect(await topology.locator(".picture-lines path").count()).toBe(2);
  await topology.getByRole("button", { name: "Type it into the terminal" }).click();
  await learner.shows(/service-name=cart$/);
  await page.keyboard.press("Enter");
  await learner.shows(/ENDPOINTS +AGE/);

  await page.getByRole("button", { name: "Put the cluster back to its start" }).click();
  await page.getByRole("button", { name: "Put it back" }).click();
  await cart.getByText("no endpoints").waitFor();
  await learner.shows(/^.*# *$/);
  expect(await learner.run("history | wc -l")).toBe("1");
  await page.getByRole("tab", { name: "Docs" }).click();
  await page.getByRole("button", { name: "Endpoints", exact: true }).click();
  await learner.reads("stands in its EndpointSlices");
  expect(learner.complaints).toEqual([]);
  await learner.leave();
});

test("10 MB of output leave the page usable, and Ctrl-C works", async () => {
  const learner = await Learner.arrive(browser, server);
  await learner.startAnew("lost-endpoints");
  await learner.page.evaluate(() => {
    const delays: number[] = [];
    Object.assign(globalThis, { delays });
    document.addEventListener("keydown", (event) => delays.push(performance.now() - event.timeStamp), {
      capture: true,
    });
  });
  await learner.type("yes 0123456789012345678901234567890123456789 | head -c 10485760; echo all of it");
  await learner.shows("90123456789");
  await learner.page.getByRole("tab", { name: "Notes" }).click();
  await learner.page.getByRole("textbox", { name: "Notes" }).focus();
  await learner.page.evaluate("delays.length = 0");
  for (let count = 0; count < 15; count++) {
    await learner.page.keyboard.press("x");
    await learner.page.waitForTimeout(40);
  }
  const delays = (await learner.page.evaluate("delays")) as number[];
  expect(delays.length).toBe(15);
  expect(delays.toSorted((a, b) => a - b)[7]).toBeLessThan(100);
  await learner.page.getByRole("tab", { name: /Hints/ }).click();
  await learner.page.getByRole("button", { name: /hint/i }).first().waitFor();
  await learner.shows(/all of it\n.*#$/);
  await learner.type("yes");
  await learner.shows("y\ny\ny\ny");
  await learner.page.waitForTimeout(1_000);
  const pressed = Date.now();
  await learner.page.keyboard.press("Control+c");
  await learner.shows(/\^C\n.*#$/);
  // What was sent is drawn first, and here read aloud too, which is much slower than the eye's terminal.
  expect(Date.now() - pressed).toBeLessThan(6_000);
  expect(await learner.run("echo usable")).toBe("usable");
  expect(learner.complaints).toEqual([]);
  await learner.leave();
});

test("a paste of 5 MB is asked about, and the session lives", async () => {
  const learner = await Learner.arrive(browser, server);
  await learner.startAnew("lost-endpoints");
  await learner.press("cat > /dev/null");
  await learner.page.keyboard.press("Enter");
  await learner.page.evaluate(() => navigator.clipboard.writeText(`${"x".repeat(99)}\n`.repeat(52_429)));
  await learner.page.keyboard.press("Control+Shift+v");
  await learner.page.getByRole("button", { name: "Paste", exact: true }).click();
  await learner.shows("xxxxxxxx");
  await learner.press("");
  await learner.page.keyboard.press("Control+c");
  expect(await learner.run("echo alive")).toBe("alive");
  expect(learner.complaints).toEqual([]);
  await learner.leave();
});

test("an attempt that is not there is told as such", async () => {
  const learner = await Learner.arrive(browser, server);
  await learner.open("/attempts/nothing");
  await learner.reads(/no attempt/i);
  await learner.leave();
});
