import { describe, expect, test } from "vitest";
import { below, liesIn, memberPrefix, parseFileSpec, splitPath } from "./file-spec.ts";

describe("file specs of cp", () => {
  test.each([
    ["a/b", { namespace: "", pod: "", path: "a/b" }],
    ["dir/", { namespace: "", pod: "", path: "dir" }],
    ["/", { namespace: "", pod: "", path: "/" }],
    ["web:/tmp/x/", { namespace: "", pod: "web", path: "/tmp/x" }],
    ["shop/web:x:y", { namespace: "shop", pod: "web", path: "x:y" }],
    [String.raw`web:C:\x`, { namespace: "", pod: "web", path: "C:/x" }],
    ["web:", { namespace: "", pod: "web", path: "" }],
    [":x", undefined],
    ["a/b/c:x", undefined],
  ])("%s", (word, spec) => expect(parseFileSpec(word)).toEqual(spec));

  test("members of an archive begin without slash and never above the root", () => {
    expect(["/etc/hosts", "etc//hosts/", "../../etc", "/", "/..", "w/../x"].map(memberPrefix)).toEqual([
      "etc/hosts",
      "etc/hosts",
      "etc",
      "",
      "",
      "x",
    ]);
  });

  test("what leaves the target is known", () => {
    expect(liesIn("out", below("out", "a/b"))).toBe(true);
    expect(liesIn("out", below("out", "../a"))).toBe(false);
    expect(liesIn(".", below(".", "../a"))).toBe(false);
    expect(liesIn("/", below("/", "../a"))).toBe(true);
  });

  test("a path is split as Go does", () => {
    expect(splitPath("x")).toEqual([".", "x"]);
    expect(splitPath("/x//y/")).toEqual(["/x", "y"]);
    expect(splitPath("/")).toEqual(["/", "/"]);
  });
});
