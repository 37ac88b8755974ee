import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "./testing/browser.ts";
import { Learner } from "./testing/learner.ts";
import { TestServer } from "./testing/server.ts";

/** Our labs, and an exam of half a minute. */
const labs = mkdtempSync(join(tmpdir(), "drydock-labs-"));
for (const topic of ["services", "nodes", "exams"])
  cpSync(join(import.meta.dirname, "../labs", topic), join(labs, topic), { recursive: true });
mkdirSync(join(labs, "exams/short"));
writeFileSync(
  join(labs, "exams/short/exam.yaml"),
  `version: 1
id: short
title: A short exam
summary: Two labs in no time.
minutes: 0.6
pass: 50
tasks:
  - { lab: lost-endpoints, weight: 3 }
  - { lab: node-network, weight: 1 }
`,
);

const server = new TestServer({ DRYDOCK_LABS: labs });

/** In the page: its machine's clock goes three hours ahead. */
const WRONG_CLOCK = `
  const Right = Date;
  const now = () => Right.now() + 3 * 3_600_000;
  globalThis.Date = class extends Right {
    constructor(...given) {
      if (given.length === 0) super(now());
      else super(...given);
    }
    static now() {
      return now();
    }
  };
`;
let browser: Browser;

beforeAll(async () => {
  [browser] = await Promise.all([launchChromium(), server.start()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(labs, { recursive: true });
});

test("an exam's time runs out, and what is there is graded by its weight", async () => {
  const learner = await Learner.arrive(browser, server);
  await learner.start("A short exam");
  const namespace = await learner.copied("in namespace");
  await learner.type(`ssh ${await learner.host()}`);
  await learner.shows(/root@controlplane:~#\s*$/);
  await learner.run(`kubectl -n ${namespace} delete svc cart`);
  await learner.run(`kubectl -n ${namespace} expose deployment cart --port=80 --target-port=http`);
  await learner.page.waitForURL(/\/result$/, { timeout: 60_000 });
  await learner.reads("Graded when the time ran out");
  await learner.reads("75 %");
  expect(learner.complaints).toEqual([]);
  await learner.leave();
});

test("the mock exam shows its labs in order, has no Check, begins on its base, goes by the server's clock, and is given up", async () => {
  const learner = await Learner.arrive(browser, server);
  await learner.page.addInitScript(WRONG_CLOCK);
  await learner.page.reload();
  await learner.reads("Networking mock A");
  await learner.start("Networking mock A");
  await learner.reads(/24 minutes|25 minutes/);
  expect(await learner.page.getByRole("navigation", { name: "Tasks" }).getByRole("button").allInnerTexts()).toEqual([
    "1",
    "2",
    "3",
  ]);
  expect(await learner.page.getByRole("button", { name: "Check", exact: true }).count()).toBe(0);
  expect(await learner.run("kubectl get nodes")).toContain("kubectl: command not found");
  await learner.page.getByRole("button", { name: /^Task 2/ }).click();
  const host = await learner.host();
  expect(await learner.run(`hostname > f; scp -q f ${host}:/tmp/; ssh ${host} cat /tmp/f`)).toBe("base");
  await learner.type(`ssh ${host}`);
  await learner.shows(/root@controlplane:~#\s*$/);
  expect(await learner.run("kubectl get nodes --no-headers | wc -l")).toBe("2");
  await learner.page.reload();
  await learner.shows(/root@controlplane:~#\s*$/);
  // The hosts of all tasks call themselves alike: the tab says which one it is.
  await learner.page.getByRole("tab", { name: host, exact: true }).waitFor();
  await learner.reads(/2[1-4] minutes/);

  // The server is killed while somebody types: they type on, and what comes when the terminal is there again is typed.
  await learner.page.getByRole("button", { name: "Flag", exact: true }).click();
  await learner.page.getByRole("tab", { name: "Notes" }).click();
  await learner.page.getByRole("textbox", { name: "Notes" }).fill("task 2 needs another look");
  await learner.reads("saved");
  await server.kill();
  await learner.reads(/connection is gone/i);
  await server.start();
  for (let tries = 0; !/~# x+$/.test(await learner.screen()); tries++) {
    expect(tries).toBeLessThan(1_000);
    // On a busy machine the terminal may be made anew after the first look.
    if (tries % 50 === 0) await learner.terminal().getByRole("textbox").focus();
    await learner.page.keyboard.type("x", { delay: 20 });
  }
  expect(await learner.page.getByRole("textbox", { name: "Notes" }).inputValue()).toBe("task 2 needs another look");
  await learner.page.getByRole("button", { name: /^Task 2.*flagged/ }).waitFor();
  await learner.page.keyboard.press("Control+U");
  await learner.type("exit");
  await learner.shows(/closed\.\s+candidate@base:~\$\s*$/);
  await learner.page.getByRole("tab", { name: "base", exact: true }).waitFor();
  await learner.page.getByRole("button", { name: "Submit", exact: true }).click();
  await learner.page.getByRole("button", { name: "Give it up…" }).click();
  await learner.page.getByRole("button", { name: "Give it up", exact: true }).click();
  await learner.page.getByRole("heading", { name: "Continue" }).waitFor({ state: "detached" });
  await learner.reads("Networking mock A");
  expect(learner.complaints).toEqual([]);
  await learner.leave();
});
