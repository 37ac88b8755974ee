import { expect, test } from "vitest";
import { testKernel } from "../../kernel/testing.ts";
import { fnv1a, generateName, randomSuffix, safeEncode, sortedJson, templateHash } from "./names.ts";

test("suffixes have five letters of the safe alphabet", () => {
  const { random } = testKernel();
  for (let at = 0; at < 100; at++) expect(randomSuffix(random)).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{5}$/);
});

test("generated names fit into a label", () => {
  const { random } = testKernel();
  expect(generateName(random, "web-")).toMatch(/^web-.{5}$/);
  expect(generateName(random, "x".repeat(80))).toHaveLength(63);
});

test("hashes of templates", () => {
  const template = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "nginx" }] } };
  const turned = { spec: { containers: [{ image: "nginx", name: "c" }] }, metadata: { labels: { a: "b" } } };
  expect(templateHash(template)).toMatch(/^[456789bcdf]{1,10}$/);
  expect(templateHash(turned)).toBe(templateHash(template));
  expect(templateHash({ ...template, spec: { containers: [{ name: "c", image: "nginx:2" }] } })).not.toBe(
    templateHash(template),
  );
  expect(templateHash(template, 1)).not.toBe(templateHash(template));
  expect(sortedJson({ b: 1, a: [{ d: 1, c: 2 }] })).toBe('{"a":[{"c":2,"d":1}],"b":1}');
});

test("FNV-1a, and the letters that stand for digits", () => {
  expect(fnv1a("")).toBe(0x811c9dc5);
  expect(fnv1a("foobar")).toBe(0xbf9cf968);
  expect(safeEncode("0123456789")).toBe("456789bcdf");
});
