import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { keyAt, placeAt } from "./place.ts";
import { documentation, fields, schemasAt, values, type Schema } from "./schema.ts";

const schema = JSON.parse(readFileSync(join(import.meta.dirname, "../../../labs/lab.schema.json"), "utf8")) as Schema;

/** The place of `|` in a text. */
function place(text: string) {
  const at = text.indexOf("|");
  const found = placeAt(text.slice(0, at) + text.slice(at + 1), at);
  return found && { path: found.path.join("."), kind: found.kind, typed: found.typed };
}

test.each([
  ["ti|", "", "key", "ti"],
  ["level: ea|", "level", "value", "ea"],
  ["terminal:\n  ho|", "terminal", "key", "ho"],
  ["terminal: { host: con|", "terminal.host", "value", "con"],
  ["terminal: { host: a, us|", "terminal", "key", "us"],
  ["topics: [services, d|", "topics.0", "value", "d"],
  ["topics:\n  - d|", "topics.0", "item", "d"],
  ["setup:\n  - manifest: a\n  - fa|", "setup.0", "item", "fa"],
  ["setup:\n- fault:\n    ser|", "setup.0.fault", "key", "ser"],
  ["tasks:\n  - id: a\n    checks:\n      - id: b\n        re|", "tasks.0.checks.0", "key", "re"],
  [
    "tasks:\n  - id: a\n    checks:\n      - id: b\n        reach:\n          from: x\n          ex|",
    "tasks.0.checks.0.reach",
    "key",
    "ex",
  ],
  ["tasks:\n  - id: a\n    checks:\n      - id: b\n    hi|", "tasks.0", "key", "hi"],
  ["tasks:\n  - id: a\nex|", "", "key", "ex"],
  ["a:\n  b: 1\n\n  # words\n  c|", "a", "key", "c"],
  ["variants:\n  ns: { oneOf: [shop, st|", "variants.ns.oneOf.0", "value", "st"],
])("%j is at %s", (text, path, kind, typed) => {
  expect(place(text)).toEqual({ path, kind, typed });
});

test("nothing is offered in a comment or in a text of several lines", () => {
  expect(place("# ti|")).toBeUndefined();
  expect(placeAt("run: |\n  ti", 11)).toBeUndefined();
});

test("a field is found under the pointer, wherever in its word", () => {
  const text = "terminal: { host: controlplane }\nlevel: easy\n";
  expect(keyAt(text, text.indexOf("host") + 2)?.path).toEqual(["terminal", "host"]);
  expect(keyAt(text, text.indexOf("level") + 1)?.path).toEqual(["level"]);
  expect(keyAt(text, text.indexOf("easy") + 1)).toBeUndefined();
});

test("the lab's own schema offers its fields, checks, faults and presets, each with words", () => {
  const names = (...path: (string | number)[]): string[] =>
    fields(schema, schemasAt(schema, path)).map(({ label }) => label);
  expect(names()).toEqual(expect.arrayContaining(["id", "title", "tasks", "variants"]));
  expect(names("tasks", 0, "checks", 0)).toEqual(
    expect.arrayContaining(["id", "says", "reach", "dns", "object", "unchanged"]),
  );
  expect(names("setup", 0, "fault")).toEqual(expect.arrayContaining(["service-selector", "service-target-port"]));
  expect(values(schemasAt(schema, ["level"])).map(({ label }) => label)).toEqual(["easy", "medium", "hard"]);
  expect(values(schemasAt(schema, ["cluster"])).map(({ label }) => label)).toContain("kubeadm-calico");
  expect(documentation(schema, schemasAt(schema, ["minutes"]))).toBe("As a prepared candidate needs.");
  const reach = fields(schema, schemasAt(schema, ["tasks", 0, "checks", 0])).find(({ label }) => label === "reach");
  expect(reach?.documentation).not.toBe("");
});
