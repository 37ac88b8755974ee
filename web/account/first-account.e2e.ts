import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../testing/browser.ts";
import { Learner } from "../testing/learner.ts";
import { TestServer } from "../testing/server.ts";

const PASSWORD = "correct horse battery";
const server = new TestServer();
let browser: Browser;

beforeAll(async () => {
  [browser] = await Promise.all([launchChromium(), server.start()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function signIn({ page }: Learner): Promise<void> {
  await page.getByLabel("Name").fill("Ada");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("the first account ends what was open without one, and nothing in it is lost; so does ending a session", async () => {
  const working = await Learner.arrive(browser, server);
  await working.start("Lost endpoints");
  await working.type("echo before-the-account");
  await working.page.getByRole("tab", { name: "Notes" }).click();
  const notes = working.page.getByRole("textbox", { name: "Notes" });
  await notes.fill("The selector is wrong");
  await working.reads("saved");

  const making = await Learner.arrive(browser, server);
  await making.open("/accounts");
  await making.page.getByRole("button", { name: "Make an account" }).click();
  await making.page.getByLabel("Name").fill("Ada");
  await making.page.getByLabel("Password").fill(PASSWORD);
  await making.page.getByRole("button", { name: "Make it" }).click();
  for (const someone of [making, working]) {
    await someone.reads("this server has accounts now.");
    await signIn(someone);
  }
  // Whoever made it worked here before: the attempt goes on as it was.
  await working.shows("before-the-account");
  expect(await notes.inputValue()).toBe("The selector is wrong");
  await working.run("true");

  await making.open("/account");
  await making.page.getByRole("button", { name: "End" }).click();
  await working.reads("You are signed out");
  await signIn(working);
  await working.run("true");

  // Tried too often, it says what to do; a new password opens it again.
  const guessing = await Learner.arrive(browser, server);
  for (let tries = 0; tries < 11; tries++)
    await guessing.page.request.post(`${server.url}/api/session`, { data: { name: "Ada", password: "wrong" } });
  await signIn(guessing);
  await guessing.reads(/That was tried too often.*gets another one from an admin/);
  for (const someone of [working, making, guessing]) {
    expect(someone.complaints).toEqual([]);
    await someone.leave();
  }
}, 300_000);
