import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fromCalendar, SECOND } from "../../sim/kernel/index.ts";
import { sed } from "../sed/sed.ts";
import { no, yes } from "../true.ts";
import { layout, normal, readCases, splitWords, type Recorded } from "./fixtures/cases.ts";
import { labCluster } from "./fixtures/lab.ts";
import { TestKubectl } from "./testing.ts";

/** Lines that the real kubectl 1.33 was run with on the same cluster (fixtures/record.ts): the same output, exit code and requests. */
const here = join(import.meta.dirname, "fixtures");
const NOW = fromCalendar(2026, 11, 21, 10);
/** As the recorder's. */
const KUBECONFIG = JSON.stringify({
  apiVersion: "v1",
  kind: "Config",
  clusters: [{ name: "kubernetes", cluster: { server: "http://172.30.1.2:6443" } }],
  users: [{ name: "kubernetes-admin", user: { token: "secret" } }],
  contexts: [{ name: "kubernetes-admin@kubernetes", context: { cluster: "kubernetes", user: "kubernetes-admin" } }],
  "current-context": "kubernetes-admin@kubernetes",
});
const only = process.env["PARITY"];

function files(folder: string, prefix = ""): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory()
        ? Object.entries(files(join(folder, entry.name), `${prefix}${entry.name}/`))
        : [[`${prefix}${entry.name}`, readFileSync(join(folder, entry.name), "utf8")] as const],
    ),
  );
}

function labKubectl(): TestKubectl {
  return new TestKubectl({
    files: files(join(here, "files")),
    kubeconfig: KUBECONFIG,
    programs: [sed, yes, no],
    cluster: (kernel) => labCluster(NOW, kernel),
    startBefore: 120 * 3600 * SECOND,
  });
}

/** Without watches of a reflector: whether one was sent before the list ended the wait is a matter of luck. */
function asked(requests: readonly string[]): string[] {
  return requests.map(normal).filter((line) => !line.includes("allowWatchBookmarks=true"));
}

for (const file of readdirSync(join(here, "recorded")).sort()) {
  const name = file.replace(/\.json$/, "");
  const recorded = JSON.parse(readFileSync(join(here, "recorded", file), "utf8")) as Recorded[];
  const cases = readCases(readFileSync(join(here, "cases", `${name}.txt`), "utf8"));
  let shared: TestKubectl | undefined;
  describe(`kubectl ${name}`, () => {
    test("the recording is that of the list", () => {
      expect(recorded.map(({ line }) => line)).toEqual(cases.map(({ line }) => line));
    });
    cases.forEach((one, at) => {
      if (only !== undefined && !one.line.includes(only)) return;
      test(one.line, async () => {
        const expected = recorded[at]!;
        const kubectl = one.shared ? (shared ??= labKubectl()) : labKubectl();
        const env = { KUBE_EDITOR: "true", ...one.env };
        for (const line of one.setup) await kubectl.run(splitWords(line), { env });
        const options = {
          stdin: one.stdin,
          env,
          ...(one.interruptAfter === undefined ? {} : { interruptAfter: one.interruptAfter * 1000 }),
        };
        const ran = await kubectl.run(splitWords(one.line), options);
        const lines = (text: string): string => {
          if (one.layout) return layout(text);
          return one.unordered ? text.split("\n").sort().join("\n") : text;
        };
        expect({ out: lines(normal(ran.stdout)), err: lines(normal(ran.stderr)), code: ran.code }).toEqual({
          out: lines(expected.out),
          err: lines(expected.err),
          code: expected.code,
        });
        if (!one.anyRequests) expect(asked(kubectl.requests)).toEqual(asked(expected.requests));
      });
    });
  });
}
