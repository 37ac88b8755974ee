import { expect, test } from "vitest";
import { readTokenFile } from "./token-file.ts";

test("rows of users, with quoted groups; the first of two equal tokens counts", () => {
  const text = '# comment\nabc,jane,1,"dev, ops"\ndef,jim,2\nabc,root,0\n"q""t",quoted,3,one\n';
  expect(readTokenFile(text, "/f")).toEqual([
    { token: "abc", user: { name: "jane", uid: "1", groups: ["dev", "ops", "system:authenticated"] } },
    { token: "def", user: { name: "jim", uid: "2", groups: ["system:authenticated"] } },
    { token: 'q"t', user: { name: "quoted", uid: "3", groups: ["one", "system:authenticated"] } },
  ]);
});

test("a row that is too short", () =>
  expect(readTokenFile("abc,jane\n", "/f")).toEqual({
    error: "token file '/f' must have at least 3 columns (token, user name, user uid), found 2",
  }));
