import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../testing/browser.ts";
import { findings } from "../testing/findings.ts";
import { Learner } from "../testing/learner.ts";
import { TestServer } from "../testing/server.ts";

const PASSWORD = "correct horse battery";
const server = new TestServer();
let browser: Browser;

beforeAll(async () => {
  server.addAccount("Ada", "admin", PASSWORD);
  [browser] = await Promise.all([launchChromium(), server.start()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function signIn(someone: Learner, name: string): Promise<void> {
  await someone.page.getByLabel("Name").fill(name);
  await someone.page.getByLabel("Password").fill(PASSWORD);
  await someone.page.getByRole("button", { name: "Sign in" }).click();
}

/** Somebody new at a browser of their own, with the account that a link makes. */
async function invited(link: string, name: string): Promise<Learner> {
  const someone = await Learner.arrive(browser, server);
  await someone.page.goto(link);
  await someone.page.getByLabel("Name").fill(name);
  await someone.page.getByLabel("Password").fill(PASSWORD);
  await someone.page.getByRole("button", { name: "Make the account" }).click();
  await someone.reads("Catalogue");
  return someone;
}

/** The link that a button makes; one that it made before stands there until then. */
async function link(someone: Learner, button: string): Promise<string> {
  const code = someone.page.locator("code", { hasText: "/invitation#" });
  const [before = ""] = await code.allInnerTexts();
  await someone.page.getByRole("button", { name: button }).click();
  await expect.poll(async () => (await code.allInnerTexts())[0] ?? before, { timeout: 40_000 }).not.toBe(before);
  return code.innerText();
}

test("a class from its invitation to its results", async () => {
  const ada = await Learner.arrive(browser, server);
  await ada.page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(await findings(ada)).toEqual([]);
  await signIn(ada, "Ada");
  await ada.page.getByRole("button", { name: "Account: Ada" }).click();
  await ada.page.getByRole("menuitem", { name: "Accounts" }).click();
  await ada.reads("Invitations");
  expect(await findings(ada)).toEqual([]);
  const tom = await invited(await link(ada, "Make a link"), "Tom");

  await tom.page.getByRole("link", { name: "Classes" }).click();
  await tom.page.getByLabel("New class").fill("Monday");
  await tom.page.getByRole("button", { name: "Make the class" }).click();
  const forLearners = await link(tom, "Make an invitation link");

  // Another instructor sees nothing of the class until they lead it, too.
  const tea = await invited(await link(ada, "Make a link"), "Tea");
  await tea.open("/classes");
  await tea.reads("You lead no class yet.");
  await tea.page.goto(tom.page.url());
  await tea.reads("There is no such class.");
  await tom.page.reload();
  await tom.page.getByLabel("Another instructor").selectOption({ label: "Tea" });
  await tom.page.getByRole("button", { name: "Add", exact: true }).click();
  await tom.page.getByRole("button", { name: "Take Tea out as an instructor" }).waitFor();
  await tea.page.reload();
  await tea.reads(/Monday.*Instructors.*Tea \(you\)/);
  await tom.page.getByRole("button", { name: "Assign…" }).click();
  await tom.page.getByLabel("What").selectOption("lab/lost-endpoints");
  await tom.page.getByRole("button", { name: "Assign", exact: true }).click();
  await tom.page.getByRole("link", { name: "Open Lost endpoints" }).click();
  await tom.reads("Nobody is in the class yet.");
  // Whoever joins is there at once.
  const [ann, bob] = await Promise.all([invited(forLearners, "Ann"), invited(forLearners, "Bob")]);
  expect(await ann.page.getByRole("navigation", { name: "Pages" }).count()).toBe(0);
  await tom.reads(/Ann not started.*Bob not started/);

  await ann.page.reload();
  // Also where all labs are, it is started for the class.
  await ann.page.getByRole("button", { name: "Start for the class: Lost endpoints" }).waitFor();
  await ann.page.getByRole("button", { name: "Start Lost endpoints, assigned" }).click();
  await ann.page.waitForURL(/\/attempts\/[^/]+$/);
  await ann.shows(/#\s*$/);
  await ann.type("echo here-is-ann");
  await tom.reads(/Ann typed just now/);
  await tom.page.getByRole("link", { name: "Watch Ann" }).click();
  await tom.page.locator(".xterm-accessibility-tree", { hasText: "here-is-ann" }).waitFor({ state: "attached" });
  await tom.page.getByRole("heading", { name: "Lost endpoints, Ann" }).waitFor();
  // What the one who looks on types goes nowhere.
  await tom.page.locator(".xterm-helper-textarea").focus();
  await tom.page.keyboard.type("rm -rf /\n");

  // Bob is not told that Ann's attempt is there.
  await bob.page.goto(ann.page.url());
  await bob.reads("There is no attempt");
  await bob.open("/");
  await bob.page.getByRole("button", { name: "Start Lost endpoints, assigned" }).click();
  await bob.shows(/#\s*$/);
  await bob.submit();

  const namespace = await ann.copied("in namespace");
  await ann.run(`kubectl -n ${namespace} delete svc cart`);
  await ann.run(`kubectl -n ${namespace} expose deployment cart --port=80 --target-port=http`);
  expect(await ann.screen()).not.toContain("rm -rf");
  await ann.submit();
  await ann.reads("6 / of 6 points");

  await tom.page.goBack();
  await tom.reads(/Ann submitted.*100 %.*Bob submitted/);
  await tom.reads("1 of 2 passed");
  expect(await findings(tom)).toEqual([]);
  const csv = await tom.page.request.get(
    `${server.url}${await tom.page.getByRole("link", { name: "CSV" }).getAttribute("href")}`,
    {
      headers: { origin: server.url },
    },
  );
  expect((await csv.text()).split("\r\n").map((line) => line.split(",").slice(0, 3).join(","))).toEqual([
    "\ufefflearner,state,percent",
    "Ann,graded,100",
    expect.stringMatching(/^Bob,graded,\d/),
    "",
  ]);

  // Signed out, the page of somebody signed in is not shown any more.
  await ann.page.getByRole("link", { name: "Catalogue" }).first().click();
  await ann.page.getByRole("button", { name: "Account: Ann" }).click();
  await ann.page.getByRole("menuitem", { name: "Sign out" }).click();
  await ann.reads("Sign in");
  // Who leads the class with Tom reviews what was made for it.
  await tea.page.getByRole("link", { name: "Review" }).click();
  await tea.reads(/Ann Lost endpoints.*graded.*100 %/);
  await tea.page.getByLabel("Class").selectOption({ label: "Monday" });
  await tea.reads(/Ann Lost endpoints.*graded.*100 %/);
  await tea.page.getByLabel("Class").selectOption("");
  for (const someone of [ada, tom, tea, ann, bob]) {
    expect(someone.complaints).toEqual([]);
    await someone.leave();
  }
}, 300_000);
