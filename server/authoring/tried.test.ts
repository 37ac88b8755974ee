import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { keepTried } from "./tried.ts";

const root = mkdtempSync(join(tmpdir(), "drydock-tried-"));
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("at the limit the draft goes that was tried longest ago, but none in which somebody works; else the new one is refused", async () => {
  const used = new Set(["aa/shop"]);
  const drafts = { root, most: 3, inUse: () => Promise.resolve(used) };
  const files = { "lab.yaml": "id: shop\n", "setup/a.yaml": "a" };
  for (const [at, hash] of ["aa", "bb", "cc"].entries()) {
    await keepTried(drafts, `${hash}/shop`, files);
    utimesSync(join(root, hash), at, at);
  }
  await keepTried(drafts, "aa/shop", files);
  expect(readdirSync(root).toSorted()).toEqual(["aa", "bb", "cc"]);
  utimesSync(join(root, "aa"), 0, 0);
  await keepTried(drafts, "dd/shop", files);
  expect(readdirSync(root).toSorted()).toEqual(["aa", "cc", "dd"]);
  for (const hash of ["cc", "dd"]) used.add(`${hash}/shop`);
  await expect(keepTried(drafts, "ee/shop", files)).rejects.toMatchObject({ code: "too-many-drafts" });
  expect(existsSync(join(root, "ee"))).toBe(false);
  expect(existsSync(join(root, "aa/shop/setup/a.yaml"))).toBe(true);
});
