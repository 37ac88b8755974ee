import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { decode } from "../../../sim/kernel/index.ts";
import { TestKubectl } from "../testing.ts";
import { normal, readCases, type Recorded } from "./fixtures/cases.ts";

/** Folders that the real kubectl 1.33 was run in (fixtures/record.ts): the same output, words, exit code and files. */
const here = join(import.meta.dirname, "fixtures");
const only = process.env["CASE"];

for (const file of readdirSync(join(here, "cases")).sort()) {
  const name = file.replace(/\.txt$/, "");
  const recorded = JSON.parse(readFileSync(join(here, "recorded", `${name}.json`), "utf8")) as Recorded[];
  const cases = readCases(readFileSync(join(here, "cases", file), "utf8"));
  describe(`kustomize ${name}`, () => {
    test("the recording is that of the list", () => {
      expect(recorded.map(({ title, line }) => ({ title, line }))).toEqual(
        cases.map(({ title, line }) => ({ title, line })),
      );
    });
    cases.forEach((one, at) => {
      if (only !== undefined && !one.title.includes(only)) return;
      test(one.title, async () => {
        const paths = Object.keys(one.files).map((path) => [`/root/k/${path}`, one.files[path]!] as const);
        const kubectl = new TestKubectl({ files: Object.fromEntries(paths) });
        const { files } = kubectl.host;
        if (!files.exists("/root/k")) files.mkdir("/root/k");
        const { stdout: out, stderr: err, code } = await kubectl.run(one.line.split(" "), { cwd: "/root/k" });
        const expected = recorded[at]!;
        const made = Object.keys(expected.made).map((path) => [path, text(kubectl, `/root/k/${path}`)] as const);
        const got = {
          out: normal(decode(out), "/root"),
          err: normal(decode(err), "/root"),
          code,
          made: Object.fromEntries(made),
        };
        expect(got).toEqual({ out: expected.out, err: expected.err, code: expected.code, made: expected.made });
      });
    });
  });
}

function text({ host }: TestKubectl, path: string): string | undefined {
  return host.files.exists(path) ? decode(host.files.read(path)) : undefined;
}
