import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../testing/browser.ts";
import { findings } from "../testing/findings.ts";
import { Learner } from "../testing/learner.ts";
import { TestServer } from "../testing/server.ts";

const own = mkdtempSync(join(tmpdir(), "drydock-own-"));
const server = new TestServer({ DRYDOCK_AUTHORING: own });
let browser: Browser;

beforeAll(async () => {
  [browser] = await Promise.all([launchChromium(), server.start()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(own, { recursive: true, force: true });
});

test("a lab from nothing to proved: begun, broken, mended, proved, saved, started", async () => {
  const author = await Learner.arrive(browser, server);
  const { page } = author;
  // Proving takes as long as it takes; this machine may be busy.
  page.setDefaultTimeout(60_000);
  await author.open("/authoring");
  await page.getByText(`Labs are saved in ${own}`).waitFor();
  await page.getByRole("button", { name: "New lab" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("lost-endpoints");
  await author.reads("There is services/lost-endpoints already");
  await page.getByRole("textbox", { name: "Name" }).fill("harbour");
  await page.keyboard.press("Enter");
  await author.reads("No problems");

  // Broken: the server's words, at the line, and the way there.
  const text = page.getByRole("textbox", { name: "lab.yaml, text" });
  await text.press("Control+End");
  await page.keyboard.type("clu");
  await page.getByRole("option", { name: /^cluster/ }).waitFor();
  await author.reads("The cluster that it begins with");
  await page.keyboard.press("Escape");
  await page.keyboard.type("e: {}");
  // One mistake at a time: that the last line has no end comes after it.
  await author.reads(/1 problem lab\.yaml:35:1 clue: unknown field: there are version, id/);
  await page.locator(".cm-lint-marker-error").waitFor();
  await page.getByRole("button", { name: "task.md" }).click();
  await author.reads("The Pods of Deployment");
  await page.getByRole("button", { name: /lab\.yaml:35:1/ }).click();
  // What was typed is there again after the page was closed.
  await page.waitForTimeout(400);
  await page.reload();
  await author.reads(/1 problem lab/);
  await text.press("Control+End");
  for (let count = 0; count < "clue: {}".length; count++) await page.keyboard.press("Backspace");
  await author.reads("No problems");

  await page.getByRole("tab", { name: "Variants" }).click();
  expect(await page.getByRole("region", { name: "Values by seed" }).getByRole("row").count()).toBe(9);
  await page.getByRole("button", { name: "Prove it" }).click();
  await page.getByText("Proved: all 15 cases hold").waitFor();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await author.reads("The lab is in the catalogue");
  await page.getByText("Proved: all 15 cases hold").waitFor();
  expect(readFileSync(join(own, "services/harbour/lab.yaml"), "utf8")).toContain("id: harbour\n");

  // Somebody writes the file meanwhile: nobody loses anything.
  await page.getByRole("button", { name: "task.md" }).click();
  await page.getByRole("textbox", { name: "task.md, text" }).press("Control+Home");
  await page.keyboard.type("Mine. ");
  writeFileSync(join(own, "services/harbour/task.md"), "Theirs.\n");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await author.reads("was changed elsewhere since you opened it");
  await author.reads("- Theirs.");
  expect(readFileSync(join(own, "services/harbour/task.md"), "utf8")).toBe("Theirs.\n");
  await page.getByRole("button", { name: "Keep mine" }).click();

  // A second window has the same draft; where both write at once, neither is lost.
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByRole("button", { name: "task.md" }).click();
  const mine = page.getByRole("textbox", { name: "task.md, text" });
  const theirs = other.getByRole("textbox", { name: "task.md, text" });
  await theirs.press("Control+Home");
  await other.keyboard.type("Second. ");
  await mine.getByText("Second. Mine. The Pods").waitFor();
  await mine.press("Control+Home");
  const writing = mine.pressSequentially("m".repeat(40), { delay: 40 });
  await mine.getByText("mmm").waitFor();
  await theirs.press("t");
  await writing;
  await author.reads("This draft was changed in another window while you wrote here.");
  await page.getByRole("button", { name: "Look at the differences" }).click();
  await author.reads(/- .*tMine.*\+ mmm/);
  await page.getByRole("button", { name: "Keep mine" }).click();
  await theirs.getByText("mmmSecond. Mine.").waitFor();
  await mine.press("Control+Home");
  for (let count = 0; count < 48; count++) await page.keyboard.press("Delete");
  await other.close();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.waitForFunction(() => document.querySelector(".editor-state")?.textContent === "Saved");
  expect(readFileSync(join(own, "services/harbour/task.md"), "utf8")).toMatch(/^Mine\. The Pods/);

  await page.goto(`${server.url}/`);
  await author.start("Harbour");
  await author.reads("Mine. The Pods of Deployment");
  expect(author.complaints).toEqual([]);
  await author.leave();
});

test("a draft goes on while the server is away, and is tried in a workspace that says so", async () => {
  const author = await Learner.arrive(browser, server);
  const { page } = author;
  page.setDefaultTimeout(60_000);
  await author.open("/authoring/services/lost-endpoints");
  await page.getByText("This lab comes with Drydock and cannot be saved here.").waitFor();
  await page.getByRole("button", { name: "task.md" }).click();
  await page.getByRole("textbox", { name: "task.md, text" }).press("Control+Home");
  await page.keyboard.type("As a draft. ");
  await page.context().setOffline(true);
  await page.keyboard.type("Away. ");
  await author.reads("Not checked: Drydock does not answer.");
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Try it" }).click();
  await page.waitForURL(/\/attempts\/draft-/);
  await author.shows(/[#$]\s*$/);
  await author.reads("Draft: Lost endpoints");
  await author.reads("As a draft. Away. ");
  expect(author.complaints).toEqual([]);
  await author.leave();
});

test("an exam from nothing to the catalogue, by its blueprint", async () => {
  const author = await Learner.arrive(browser, server);
  const { page } = author;
  page.setDefaultTimeout(60_000);
  await author.open("/authoring");
  await page.getByRole("button", { name: "New exam" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("harbour-mock");
  await page.keyboard.press("Enter");
  await author.reads("No problems");
  await author.reads(/2 tasks, 30 min.*Lost endpoints services easy/);
  expect(await findings(author)).toEqual([]);
  await page.getByRole("tab", { name: "Blueprint" }).click();
  await page.getByLabel("Tasks to draw").fill("9");
  await page.getByRole("button", { name: "Spread over all topics" }).click();
  await page.getByRole("button", { name: "Remove task 1" }).click();
  await page.getByLabel("Minutes").fill("90");
  await author.reads(/of \d+ labs/);
  expect(await findings(author)).toEqual([]);
  await page.getByRole("tab", { name: "Attempts" }).click();
  await author.reads(/No problems.*9 tasks, 90 min/);
  // Tried before it is saved, as learners will have it.
  await page.getByRole("button", { name: "Try it" }).click();
  await author.shows(/candidate@base:~\$\s*$/);
  await author.reads(/Draft: Harbour mock.*Task 1 of 9/);
  await page.goBack();
  await author.reads(/No problems.*9 tasks, 90 min/);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await author.reads("The exam is in the catalogue");
  const text = readFileSync(join(own, "exams/harbour-mock/exam.yaml"), "utf8");
  expect(text).toMatch(/^minutes: 90\n/m);
  expect(text).not.toContain("tasks:");
  await author.open("/");
  await page.getByRole("button", { name: "Start Harbour mock" }).waitFor();
  expect(author.complaints).toEqual([]);
  await author.leave();
}, 300_000);
