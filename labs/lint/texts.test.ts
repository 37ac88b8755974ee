import { expect, test } from "vitest";
import { lineProblems } from "./lines.ts";
import { markdownProblems } from "./markdown.ts";
import { yamlProblems } from "./yaml.ts";

test("lines that are not tidy", () => {
  expect(lineProblems("a.md", "one  \ntwo\tthree\n\n\nfour")).toEqual([
    "a.md:1:4: spaces at the end of the line: take them away",
    "a.md:2:4: a tab: write spaces",
    "a.md:4:1: a second empty line: one is enough",
    "a.md:5:5: the last line has no end: add a newline",
  ]);
  expect(lineProblems("a.md", "one\n\n")).toEqual(["a.md:2:1: an empty line at the end: take it away"]);
  expect(lineProblems("a.md", " \n")).toEqual(["a.md:1:1: the file is empty"]);
  expect(lineProblems("a.md", "one\n\ntwo\n")).toEqual([]);
});

test.each([
  ["```bash\nls\n", "1:1: the block that begins here is never closed: add ```"],
  ["Look at `this.\n\nAnd `that`.\n", "1:9: a backtick without a partner"],
  ["# Title\n", "1:1: a heading of the first level: the page has one already, begin with ##"],
  ["## One\n\n#### Two\n", "3:1: a heading of level 4 below one of level 2"],
  ["##One\n", "1:3: no space behind ##: this is no heading without it"],
  ["Set it\nto <name> there.\n", "2:4: <name> is HTML, which is shown as it stands: put it between backticks"],
  ["See [here]().\n", "1:5: a link that leads nowhere"],
])("Markdown that is not shown as it was meant: %j", (text, problem) => {
  expect(markdownProblems("a.md", text)).toEqual([`a.md:${problem}`]);
});

test("Markdown as it should be", () => {
  const text =
    "Code over `two\nlines`, ``one ` more``, `<name>`, a < b, <https://kubernetes.io>.\n\n    kubectl get `x\n\n```\n# a comment `\n```\n\n## One\n\n### Two\n";
  expect(markdownProblems("a.md", text)).toEqual([]);
});

test("YAML that Kubernetes reads differently", () => {
  const text = `data:\n  one: yes\n  two: 0644\n  three:\n  four: "yes"\n  five: {{port}}\n  six: [a, off]\n  on: node01\n`;
  expect(yamlProblems("a.yaml", text)).toEqual([
    'a.yaml:2:8: yes is a boolean to Kubernetes: write true or false, or "yes"',
    'a.yaml:3:8: 0644 is an octal number to Kubernetes: write "0644" for the text',
    "a.yaml:4:3: three has no value: write null, {} or [] if that is meant",
    'a.yaml:7:12: off is a boolean to Kubernetes: write true or false, or "off"',
  ]);
  expect(yamlProblems("a.yaml", "one: 1\ntwo: 'no'\n---\nthree: 10\n")).toEqual([]);
});
