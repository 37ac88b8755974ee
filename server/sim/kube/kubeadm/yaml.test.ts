import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { toYaml, type YamlValue } from "./yaml.ts";

test("writes what sigs.k8s.io/yaml writes: sorted keys, sequences at the column of their key, empty collections inline", () => {
  expect(
    toYaml({
      spec: { list: ["a", { z: 1, a: [true] }, {}], none: [], nothing: null, empty: {} },
      apiVersion: "v1",
      left: undefined,
    }),
  ).toBe(`apiVersion: v1
spec:
  empty: {}
  list:
  - a
  - a:
    - true
    z: 1
  - {}
  none: []
  nothing: null
`);
});

test("quotes texts that YAML would read as something else, each as yaml.v2 does", () => {
  const texts = ["", "0", "1.5", "true", "yes", "n", "null", "~", "0x1f", "2026-11-21", "1:30", ".5", "1e3"];
  for (const text of texts) expect(toYaml({ key: text })).toBe(`key: "${text}"\n`);
  for (const text of ["*", "a: b", "a #b", "- a", "@x", "{a", " a", "a:", "'a"])
    expect(toYaml({ key: text })).toBe(`key: '${text.replaceAll("'", "''")}'\n`);
  for (const text of ["0s", "10.96.0.10", "a:b", "--flag=*,b", "a#b", "10%", "172.30.1.2:6443", "87600h0m0s"])
    expect(toYaml({ key: text })).toBe(`key: ${text}\n`);
});

test("every document reads back as it was, by the rules of YAML 1.1", () => {
  // The library reads a lone "." as a number; yaml.v2 does not.
  const text = fc
    .string({ unit: fc.constantFrom(..."aN0xs1. :-#'\"{}[],&*!|>%@`=~/_") })
    .filter((each) => !/^[-._]+$/.test(each));
  const scalar = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));
  const { document } = fc.letrec<{ document: Record<string, YamlValue>; value: YamlValue }>((tie) => ({
    document: fc.dictionary(text, tie("value"), { maxKeys: 4 }),
    value: fc.oneof(
      { depthSize: "small" },
      scalar,
      tie("document"),
      fc.array(fc.oneof(scalar, tie("document")), { maxLength: 4 }),
    ),
  }));
  fc.assert(
    fc.property(document, (value) => {
      fc.pre(Object.keys(value).length > 0);
      expect(parse(toYaml(value), { version: "1.1" })).toEqual(value);
    }),
  );
});
