import type { Browser } from "playwright-core";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../../testing/browser.ts";
import { Learner } from "../../testing/learner.ts";
import { TestServer } from "../../testing/server.ts";

const server = new TestServer();
let browser: Browser;

beforeAll(async () => {
  [browser] = await Promise.all([launchChromium(), server.start()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

test("a kubeconfig is downloaded, and what it names is the cluster of the terminals", async () => {
  const learner = await Learner.arrive(browser, server);
  await learner.startAnew("lost-endpoints");
  await learner.run("kubectl create configmap from-the-terminal");
  await learner.page.getByRole("button", { name: "Your own kubectl" }).click();
  const dialog = learner.page.getByRole("dialog", { name: "Your own kubectl" });
  const coming = learner.page.waitForEvent("download");
  await dialog.getByRole("link", { name: "Download the kubeconfig" }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe("drydock.kubeconfig");
  const address = /server: (\S+)/.exec(await readFile(await download.path(), "utf8"))![1]!;
  const found = await fetch(`${address}/api/v1/namespaces/default/configmaps/from-the-terminal`);
  expect(((await found.json()) as { metadata: { name: string } }).metadata.name).toBe("from-the-terminal");
  await dialog.getByRole("button", { name: "Close" }).click();
  expect(learner.complaints).toEqual([]);
  await learner.leave();
});
