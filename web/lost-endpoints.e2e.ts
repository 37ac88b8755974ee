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
  expect(await learner.run(`kubectl -n ${namespace} get ep cart`)).toMatch(/^NAME +ENDPOINTS +AGE\ncart +<none> /m);
  await learner.type(`kubectl -n ${namespace} delete svc cart`);
  await learner.shows('service "cart" deleted');
  await learner.type(`kubectl -n ${namespace} expose deployment cart --port=80 --target-port=http`);
  await learner.shows("service/cart exposed");
  await learner.page.getByRole("button", { name: "Submit" }).click();
  console.log(await learner.page.locator("body").ariaSnapshot());
  await learner.page.getByRole("dialog").getByRole("button", { name: "Submit" }).click();
  await learner.page.waitForURL(/\/result$/);
  await learner.page.waitForTimeout(1000);
  console.log(await learner.page.locator("body").ariaSnapshot());
  expect(learner.complaints).toEqual([]);
  await learner.leave();
});
