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

test("from the catalogue to full marks", async () => {
  const learner = await Learner.arrive(browser, server);
  await learner.start("Lost endpoints");
  const namespace = await learner.copied("in namespace");
  expect(await learner.run(`kubectl -n ${namespace} get ep cart 2>&-`)).toMatch(
    /^NAME +ENDPOINTS +AGE\ncart +<none> /m,
  );
  expect(await learner.run(`kubectl -n ${namespace} delete svc cart`)).toBe('service "cart" deleted');
  expect(await learner.run(`kubectl -n ${namespace} expose deployment cart --port=80 --target-port=http`)).toBe(
    "service/cart exposed",
  );
  await learner.submit();
  await learner.reads("6 / of 6 points");
  await learner.reads("All 4 checks passed.");
  await learner.page.getByRole("link", { name: "Catalogue", exact: true }).last().click();
  await learner.reads("100 %");
  expect(learner.complaints).toEqual([]);
  await learner.leave();
});

test("a wrong solution reads the reason, the command that shows it, and sees the packet's way", async () => {
  const learner = await Learner.arrive(browser, server);
  await learner.startAnew("lost-endpoints");
  const namespace = await learner.copied("in namespace");
  await learner.run(`kubectl -n ${namespace} patch svc cart -p '{"spec":{"selector":{"app":"cart"}}}'`);

  await learner.page.getByRole("button", { name: "Check", exact: true }).click();
  await learner.reads(/nothing listens on port 9 in Pod cart-/);
  await learner.page.keyboard.press("Escape");

  await learner.submit();
  await learner.reads("2 / of 6 points");
  await learner.reads(/sends to 10\.244\.\d+\.\d+:9; nothing listens on port 9 in Pod cart-/);
  await learner.reads('200 and a body that contains "cart ok"');
  await learner.reads(/connection refused after \d+ ms, from Pod client-/);
  await learner.reads(`kubectl -n ${namespace} get endpointslices -l kubernetes.io/service-name=cart`);
  const drawing = learner.page.locator("svg").filter({ hasText: "DNAT" }).first();
  await drawing.scrollIntoViewIfNeeded();
  expect((await drawing.boundingBox())!.height).toBeGreaterThan(100);
  expect(learner.complaints).toEqual([]);
  await learner.leave();
});

test("two windows submit at once: one report, and both read it", async () => {
  const first = await Learner.arrive(browser, server);
  await first.startAnew("lost-endpoints");
  const second = await Learner.arrive(browser, server);
  await second.open(new URL(first.page.url()).pathname);
  await second.shows(/[#$]\s*$/);
  await Promise.all([first.submit(), second.submit()]);
  await Promise.all([first.reads(/of 6 points/), second.reads(/of 6 points/)]);
  expect([...first.complaints, ...second.complaints]).toEqual([]);
  await Promise.all([first.leave(), second.leave()]);
});
