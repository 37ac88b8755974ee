import { describe, expect, test } from "vitest";
import type { JsonValue } from "../json.ts";
import { compileRule } from "./check.ts";
import { Evaluator } from "./evaluate.ts";
import { parseCel } from "./parser.ts";
import { CelError, fromJson, type Cel } from "./values.ts";

function evaluated(text: string, self: JsonValue = null): unknown {
  try {
    return new Evaluator().evaluate(parseCel(text), new Map([["self", fromJson(self, undefined)]]));
  } catch (error) {
    if (error instanceof CelError) return `error: ${error.message}`;
    throw error;
  }
}

describe("expressions", () => {
  test.each<[string, Cel]>([
    ["1 + 2 * 3 == 7", true],
    ["(1 + 2) * 3", 9n],
    ["7 / 2", 3n],
    ["-7 % 3", -1n],
    ["7.0 / 2.0", 3.5],
    ["1 < 2 && 2 < 1 || true", true],
    ["true ? 'a' : 'b'", "a"],
    ["false ? 1 : true ? 2 : 3", 2n],
    ["2 in [1, 2]", true],
    ["'a' in {'a': 1}", true],
    ["{'a': 1}['a']", 1n],
    ["[1, 2, 3].filter(x, x > 1)", [2n, 3n]],
    ["[1, 2].map(x, x * 2)", [2n, 4n]],
    ["[1, 2, 3].map(x, x > 1, x * 2)", [4n, 6n]],
    ["[1, 2].all(x, x > 0) && [1, 2].exists(x, x > 1) && [1, 2].exists_one(x, x == 1)", true],
    ["size('héé') == 3 && 'abc'.size() == 3", true],
    ["'a.b.c'.split('.').join('/')", "a/b/c"],
    ["'Hello'.lowerAscii() + \"x\"", "hellox"],
    ["'abc'.matches('^a.c$')", true],
    [String.raw`'a\'b' + r'\d'`, String.raw`a'b\d`],
    ["0x10", 16n],
    ["!(1 == 1.0)", false],
    ["duration('1h') > duration('30m')", true],
    ["timestamp('2026-01-02T03:04:05Z').getFullYear() == 2026", true],
    ["timestamp('2026-01-02T00:00:00Z') - timestamp('2026-01-01T00:00:00Z') == duration('24h')", true],
    ["quantity('1Gi').isGreaterThan(quantity('500Mi'))", true],
    ["isURL('https://example.com/x') && url('https://example.com:8080/x').getPort() == '8080'", true],
    ["cidr('10.0.0.0/8').containsIP('10.2.3.4')", true],
    ["[1, 2, 3].sum() == 6 && [3, 1].min() == 1 && [1, 2].isSorted()", true],
    ["optional.of(1).orValue(2) == 1 && !optional.none().hasValue()", true],
    ["sets.contains([1, 2], [1])", true],
    ["int('12') + 1", 13n],
    ["type(1) == int", true],
    ["false && 1 / 0 == 0", false],
    ["1 / 0 == 0 || true", true],
    ["[0, 1].exists(x, 1 / x == 1)", true],
    [
      "'%s has %d of %.2f, %x %b %e%%'.format(['a', 2, 1.005, 255, true, 1234.5])",
      "a has 2 of 1.00, ff 1 1.234500e+03%",
    ],
    ["'%s'.format([[1, 'a', {'k': null}]])", "[1, a, {k: null}]"],
    [
      "'%d'.format(['x'])",
      "error: error during formatting: decimal clause can only be used on integers, was given string",
    ],
    ["'%s'.format([])", "error: index 0 out of range"],
    ["[3, 1, 2].sort()", [1n, 2n, 3n]],
    ["[1, 1, 2].distinct()", [1n, 2n]],
    ["[1, 2, 3].slice(1, 3)", [2n, 3n]],
    ["strings.quote('a\"b')", '"a\\"b"'],
    ["quantity('1Gi').add(quantity('1Gi')).compareTo(quantity('2Gi')) == 0", true],
    ["quantity('1').sub(1).sign()", 0n],
    ["cidr('10.0.0.0/8').containsCIDR('10.2.0.0/16') && !cidr('10.0.0.0/8').containsCIDR('0.0.0.0/0')", true],
    ["cidr('192.168.1.77/24').masked() == cidr('192.168.1.0/24')", true],
    ["ip('127.0.0.1').isLoopback() && ip('8.8.8.8').isGlobalUnicast() && ip.isCanonical('::1')", true],
    [
      "timestamp('2026-11-22T00:00:00Z').getDayOfWeek() == 0 && timestamp('2026-02-01T00:00:00Z').getDayOfYear() == 31",
      true,
    ],
  ])("%s", (text, value) => expect(evaluated(text)).toEqual(value));

  test.each<[string, JsonValue, unknown]>([
    ["has(self.a) && !has(self.b)", { a: 1 }, true],
    ["self.b", { a: 1 }, "error: no such key: b"],
    ["self.?b.orValue(7)", { a: 1 }, 7n],
    ["self.?a.?b.hasValue()", { a: {} }, false],
    ["self[?0].orValue('none')", [], "none"],
    ["self[3]", [1], "error: index out of bounds: 3"],
    ["self.__namespace__ == 'x' && self.a__dash__b == 1", { namespace: "x", "a-b": 1 }, true],
    ["self.all(k, self[k] > 0)", { a: 1, b: 2 }, true],
    ["self == {'a': [1, 2.5]}", { a: [1, 2.5] }, true],
    ["self > 'a'", 1, "error: no such overload"],
    ["1 / self", 0, "error: division by zero"],
    ["9223372036854775807 + self", 1, "error: integer overflow"],
  ])("%s of %j", (text, self, value) => expect(evaluated(text, self)).toEqual(value));

  test("a loop within a loop ends", () => {
    const list = "[" + Array(200).fill("1").join(",") + "]"; // prettier-ignore
    const text = `${list}.all(a, ${list}.all(b, ${list}.all(c, a + b + c > 0)))`;
    expect(evaluated(text)).toBe("error: operation cancelled: actual cost limit exceeded");
  });
});

describe("what is no rule", () => {
  const schema = {
    type: "object",
    properties: {
      replicas: { type: "integer" },
      tags: { type: "array", items: { type: "object", properties: { k: { type: "string" } } } },
    },
  };
  const problem = (text: string): string => {
    const program = compileRule(text, schema);
    return "error" in program ? program.error : "";
  };
  test.each<[string, string]>([
    ["self.replicas > 0", ""],
    ["self.tags.all(t, t.k != '')", ""],
    ["self.replica > 0", "compilation failed: ERROR: <input>:1:5: undefined field 'replica'\n | self.replica > 0\n | ....^"],
    ["self.tags.all(t, t.x != '')", "compilation failed: ERROR: <input>:1:19: undefined field 'x'\n | self.tags.all(t, t.x != '')\n | ..................^"],
    ["other > 0", "compilation failed: ERROR: <input>:1:1: undeclared reference to 'other' (in container '')\n | other > 0\n | ^"],
    ["self.tags.foo()", "compilation failed: ERROR: <input>:1:14: undeclared reference to 'foo' (in container '')\n | self.tags.foo()\n | .............^"],
    ["self.replicas", "cel expression must evaluate to a bool"],
    ["self.replicas > 'a'", "compilation failed: ERROR: <input>:1:15: found no matching overload for '_>_' applied to '(int, string)'\n | self.replicas > 'a'\n | ..............^"],
    ["self.replicas == '1'", "compilation failed: ERROR: <input>:1:15: found no matching overload for '_==_' applied to '(int, string)'\n | self.replicas == '1'\n | ..............^"],
    ["self.replicas && true", "compilation failed: ERROR: <input>:1:15: found no matching overload for '_&&_' applied to '(int, bool)'\n | self.replicas && true\n | ..............^"],
    ["!self.replicas", "compilation failed: ERROR: <input>:1:1: found no matching overload for '!_' applied to '(int)'\n | !self.replicas\n | ^"],
    ["self.replicas.startsWith('1')", "compilation failed: ERROR: <input>:1:25: found no matching overload for 'startsWith' applied to 'int.(string)'\n | self.replicas.startsWith('1')\n | ........................^"],
    ["size(self.tags) > 1.5 && self.replicas + 1 < 10", ""],
    ["self.tags.map(t, t.k).exists(k, k == 'a') && self.tags.all(t, t.k.size() < 3)", ""],
    ["string(self.replicas) == '1' && (self.replicas > 1 ? 'a' : 'b') in ['a']", ""],
    ["self.tags.sortBy(t, t) == []", "compilation failed: ERROR: <input>:1:17: drydock: CEL: 'sortBy' is not simulated\n | self.tags.sortBy(t, t) == []\n | ................^"],
  ])("%s", (text, expected) => expect(problem(text)).toBe(expected)); // prettier-ignore

  test.each(["1 +", "self.", "(1", "[1, 2", "'a", "a b", "#", "has(self)", "x ? 1"])("%s", (text) =>
    expect(problem(text)).toMatch(/^compilation failed: ERROR: <input>:1:\d+: /),
  );
});
