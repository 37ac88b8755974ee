import { expect, test } from "vitest";
import {
  draftNames,
  fileNameProblem,
  forgetDraft,
  keepDraft,
  recallDraft,
  renamedLab,
  withValues,
  type Keep,
} from "./drafts.ts";

class Memory implements Keep {
  readonly #values = new Map<string, string>();
  full = false;
  get length(): number {
    return this.#values.size;
  }
  key(at: number): string | null {
    return [...this.#values.keys()][at] ?? null;
  }
  getItem(key: string): string | null {
    return this.#values.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    if (this.full) throw new Error("QuotaExceededError");
    this.#values.set(key, value);
  }
  removeItem(key: string): void {
    this.#values.delete(key);
  }
}

const draft = { files: { "lab.yaml": "id: shop\n" }, base: null, at: 5 };

test("a draft is there again until it is forgotten", () => {
  const keep = new Memory();
  expect(keepDraft(keep, "services/shop", draft)).toBe(true);
  expect(recallDraft(keep, "services/shop")).toEqual(draft);
  expect(draftNames(keep)).toEqual(["services/shop"]);
  forgetDraft(keep, "services/shop");
  expect([recallDraft(keep, "services/shop"), draftNames(keep)]).toEqual([undefined, []]);
});

test("a browser that is full says so, and what was kept before stays", () => {
  const keep = new Memory();
  keepDraft(keep, "services/shop", draft);
  keep.full = true;
  expect(keepDraft(keep, "services/shop", { ...draft, at: 6 })).toBe(false);
  expect(recallDraft(keep, "services/shop")?.at).toBe(5);
});

test("what is no draft is none", () => {
  const keep = new Memory();
  keep.setItem("drydock.lab-draft.a/b", "{");
  keep.setItem("drydock.lab-draft.a/c", '{"files":3}');
  expect([recallDraft(keep, "a/b"), recallDraft(keep, "a/c")]).toEqual([undefined, undefined]);
});

test("a copy has its own id, and nothing else changes", () => {
  const files = { "lab.yaml": "version: 1\nid: shop # old\ntitle: id: x\n", "task.md": "id: shop\n" };
  expect(renamedLab(files, "shop-copy")).toEqual({
    "lab.yaml": "version: 1\nid: shop-copy\ntitle: id: x\n",
    "task.md": "id: shop\n",
  });
});

test("names of files lead nowhere else", () => {
  const files = { "lab.yaml": "", "proof/solution.sh": "" };
  for (const bad of [
    "",
    "../x",
    "/etc/x",
    "a//b",
    ".hidden",
    "a/../b",
    "a b",
    "a/b/c/d/e",
    "lab.yaml",
    "proof",
    "lab.yaml/x",
  ])
    expect([bad, fileNameProblem(files, bad)]).toEqual([bad, expect.any(String)]);
  for (const good of ["setup/shop.yaml", "proof/wrong-1.sh", "a/b/c/d"])
    expect([good, fileNameProblem(files, good)]).toEqual([good, undefined]);
});

test("drawn values stand where their names stood, others stay", () => {
  expect(withValues("in {{ns}} and {{ cause.hint }}, {{other}}", { ns: "shop", "cause.hint": "look" })).toBe(
    "in shop and look, {{other}}",
  );
});
