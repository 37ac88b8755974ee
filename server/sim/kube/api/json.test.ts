import { expect, test } from "vitest";
import { parseJson } from "./json.ts";

test.each<[string, unknown]>([
  ["null", null],
  [' {"a": [1, -2.5e3, "x\\u0041\\n", true, {}]} ', { a: [1, -2500, "xA\n", true, {}] }],
  ['"\\ud83d\\ude00"', "😀"],
  ["[]", []],
])("%s", (text, value) => expect(parseJson(text)).toMatchObject({ ok: true, value }));

test.each([
  ["", "unexpected end of JSON input"],
  ["{", "unexpected end of JSON input"],
  ["{a: 1}", "invalid character 'a' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a": 1 "b"}', "invalid character '\"' after object key:value pair"],
  ["[1 2]", "invalid character '2' after array element"],
  ["[1,]", "invalid character ']' looking for beginning of value"],
  ["nul", "unexpected end of JSON input"],
  ["nulx", "invalid character 'x' in literal null (expecting 'l')"],
  ["01", "invalid character '1' after top-level value"],
  ["-x", "invalid character 'x' in numeric literal"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ['"\\x"', "invalid character 'x' in string escape code"],
  ["{} {}", "invalid character '{' after top-level value"],
])("%j: %s", (text, error) => expect(parseJson(text)).toEqual({ ok: false, error }));

test("members that stand twice are told with their paths; the last counts", () => {
  expect(parseJson('{"a": 1, "b": [{"c": 1, "c": 2}], "a": 3}')).toEqual({
    ok: true,
    value: { a: 3, b: [{ c: 2 }] },
    duplicates: ["b[0].c", "a"],
  });
});

test("names that are special to JavaScript are plain ones here", () => {
  const parsed = parseJson('{"__proto__": {"a": 1}, "constructor": 2}');
  expect(parsed.ok && Object.keys(parsed.value as object)).toEqual(["__proto__", "constructor"]);
});
