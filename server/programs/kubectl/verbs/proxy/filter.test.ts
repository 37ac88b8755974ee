import { expect, test } from "vitest";
import { accepts, hostOf, patterns, type Filter } from "./filter.ts";

function compiled(text: string): Filter["acceptPaths"] {
  const found = patterns(text);
  if ("error" in found) throw new Error(found.error);
  return found;
}

const FILTER: Filter = {
  acceptPaths: compiled("^.*"),
  rejectPaths: compiled("^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach"),
  acceptHosts: compiled(String.raw`^localhost$,^127\.0\.0\.1$,^\[::1\]$`),
  rejectMethods: compiled("^$"),
};

test("the usual filter keeps strangers and shells out", () => {
  expect(accepts(FILTER, "GET", "/api/v1/pods", "localhost")).toBe(true);
  expect(accepts(FILTER, "GET", "/api/v1/namespaces/a/pods/x/exec", "localhost")).toBe(false);
  expect(accepts(FILTER, "GET", "/api/v1/pods", "evil.example")).toBe(false);
  expect(accepts({ ...FILTER, rejectMethods: compiled("POST,PUT") }, "PUT", "/api", "localhost")).toBe(false);
});

test("a pattern that makes no sense is told in Go's words", () => {
  expect(patterns("(")).toEqual({ error: "error parsing regexp: missing closing ): `(`" });
  expect(patterns("")).toEqual([]);
});

test("the host of a header, with or without a port", () => {
  expect(["localhost:8001", "localhost", "[::1]:8001", "127.0.0.1:80"].map(hostOf)).toEqual([
    "localhost",
    "localhost",
    "::1",
    "127.0.0.1",
  ]);
});
