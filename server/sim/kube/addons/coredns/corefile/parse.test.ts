import { describe, expect, test } from "vitest";
import { CorefileError } from "./corefile-error.ts";
import { parseCorefile, type ServerBlock, type Surroundings } from "./parse.ts";

const FILES: Readonly<Record<string, string>> = {
  "/etc/coredns/part": "errors\nlog",
  "/etc/coredns/custom/a.server": "a.test {\n  whoami\n}\n",
  "/etc/coredns/custom/b.server": "b.test {\n  whoami\n}\n",
};

function parse(text: string, directives?: ReadonlySet<string>, warnings: string[] = []): readonly ServerBlock[] {
  const around: Surroundings = {
    env: { PORT: "1053", HOST: "a.test", LIST: "x y" },
    read: (path) => (path in FILES ? { text: FILES[path]! } : { error: "gone" }),
    glob: (pattern) => {
      const expression = new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", "[^/]*")}$`);
      return Object.keys(FILES).filter((file) => expression.test(file));
    },
    warn: (message) => warnings.push(message),
  };
  return parseCorefile("/etc/coredns/Corefile", text, around, directives);
}

/** Keys and, for each directive, its words with their lines. */
function shape(blocks: readonly ServerBlock[]): unknown {
  return blocks.map(({ Keys, Tokens }) => [
    Keys.join(" "),
    Object.fromEntries(
      Object.entries(Tokens).map(([name, words]) => [name, words.map(({ Line, Text }) => `${Line}:${Text}`).join(" ")]),
    ),
  ]);
}

function problem(text: string, directives?: ReadonlySet<string>): string {
  try {
    parse(text, directives);
  } catch (error) {
    if (error instanceof CorefileError) return error.message;
    throw error;
  }
  return "no problem";
}

describe("Corefiles", () => {
  test.each([
    [".:53 {\n  errors\n}\n", [[".:53", { errors: "2:errors" }]]],
    ["localhost\ndir1 foo bar", [["localhost", { dir1: "2:dir1 2:foo 2:bar" }]]],
    ["host1, host2\nhost3 {\n}\n", [["host1 host2", { host3: "2:host3 2:{ 3:}" }]]],
    ["host1,\nhost2 {\n dir\n}", [["host1 host2", { dir: "3:dir" }]]],
    [
      "a {\n dir1 {\n  x y\n }\n dir2\n}\nb {\n}",
      [
        ["a", { dir1: "2:dir1 2:{ 3:x 3:y 4:}", dir2: "5:dir2" }],
        ["b", {}],
      ],
    ],
    ['a {\n dir "x \\"y\\" \\z" # comment\n}', [["a", { dir: '2:dir 2:x "y" \\z' }]]],
    ['a {\n dir "one\n  two" three\n}', [["a", { dir: "2:dir 2:one\n  two 3:three" }]]],
    ["{$HOST}:{$PORT} {\n dir {%LIST%} {$NOTHING}x\n}", [["a.test:1053", { dir: "2:dir 2:x y 2:x" }]]],
    ["(snip) {\n dir 1\n other\n}\na {\n import snip\n}", [["a", { dir: "2:dir 2:1", other: "3:other" }]]],
    ["a {\n import part\n whoami\n}", [["a", { errors: "1:errors", log: "2:log", whoami: "3:whoami" }]]],
    [
      "import /etc/coredns/custom/*.server\n. {\n}",
      [
        ["a.test", { whoami: "2:whoami" }],
        ["b.test", { whoami: "2:whoami" }],
        [".", {}],
      ],
    ],
    ["a {\n dir 1\n dir 2\n}", [["a", { dir: "2:dir 2:1 3:dir 3:2" }]]],
    ["", []],
  ])("%j", (text, expected) => {
    expect(shape(parse(text))).toEqual(expected);
  });

  test("words of imported files remember where they stand", () => {
    const [block] = parse("a {\n import part\n}");
    expect(block!.Tokens["log"]).toEqual([{ File: "/etc/coredns/part", Line: 2, Text: "log" }]);
  });

  test("a pattern without files is a warning", () => {
    const warnings: string[] = [];
    expect(shape(parse("a {\n import nothing/*.override\n}", undefined, warnings))).toEqual([["a", {}]]);
    expect(warnings).toEqual(["No files matching import glob pattern: nothing/*.override"]);
  });

  test.each([
    ["a {\n foo\n}", "/etc/coredns/Corefile:2 - Error during parsing: Unknown directive 'foo'"],
    ["a {\n errors\n", "/etc/coredns/Corefile:2 - Syntax error: Unexpected token 'errors', expecting '}'"],
    ["a {\n errors {\n x\n", "/etc/coredns/Corefile:3 - Error during parsing: Unexpected EOF"],
    [
      "a {\n errors }\n}",
      "/etc/coredns/Corefile:2 - Error during parsing: Unexpected '}' because no matching opening brace",
    ],
    [
      "a {\n import\n}",
      "/etc/coredns/Corefile:2 - Error during parsing: Wrong argument count or unexpected line ending after 'import'",
    ],
    ["a {\n import gone\n}", "/etc/coredns/Corefile:2 - Error during parsing: File to import not found: gone"],
    [
      "a {\n import x y\n}",
      "/etc/coredns/Corefile:2 - Error during parsing: Import takes only one argument (glob pattern or file)",
    ],
    [
      "a, {\n}",
      "/etc/coredns/Corefile:1 - Error during parsing: Expected another address but had '{' - check for extra comma",
    ],
    ["a,", "/etc/coredns/Corefile:1 - Error during parsing: Unexpected EOF"],
    [
      "(s) {\n}\n(s) {\n}",
      "/etc/coredns/Corefile:3 - Error during parsing: redeclaration of previously declared snippet s",
    ],
    ["(s) {\n errors\n", "/etc/coredns/Corefile:2 - Syntax error: Unexpected token 'errors', expecting '}'"],
    [
      "(s) {\n import s\n}\na {\n import s\n}",
      "/etc/coredns/Corefile:2 - Error during parsing: maximum snippet import depth (1000) exceeded",
    ],
  ])("%j is refused", (text, expected) => {
    expect(problem(text, new Set(["errors"]))).toBe(expected);
  });
});
