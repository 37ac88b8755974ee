/**
 * Records what the real kubectl does with the lines in cases/NAME.txt on a booted cluster, for parity.golden.test.ts:
 *
 *     node server/commands/cluster/parity/record.ts [--check | --replay] [--new] [--only PATTERN] [--jobs N] [NAME…]
 *
 * With `--check` nothing is written: ours runs as well, live, and the differences are printed; `--replay` prints those of the
 * recording. `--new` records only the cases that are new or changed. `KUBECTL` names the real kubectl. Record in peace: the
 * clock is the wall clock.
 *
 * parity.mjs itself runs over all files by (KUBECTL: a link named `kubectl`, since it calls itself by its file's name)
 *
 *     (cd server/commands/cluster/parity/files && node ../../../../cli.ts cluster --port 41000 --kubeconfig /tmp/kc &
 *     sleep 3; for f in ../cases/*.txt; do node /work/shared/tools/parity.mjs --cases $f --kubeconfig /tmp/kc --kubectl $KUBECTL \
 *     --emulator http://127.0.0.1:41000/line --reset http://127.0.0.1:41000/reset; done; kill %1)
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { LineResult } from "../line.ts";
import type { Case, CaseFile } from "./cases.ts";
import { LiveCluster, TIMED_OUT } from "./live.ts";
import { normal } from "./normal.ts";
import { replayed } from "./virtual.ts";
import {
  caseFile,
  caseFileNames,
  compared,
  fingerprint,
  recording,
  recordingPath,
  type Recorded,
} from "./recording.ts";

const KUBECTL = process.env["KUBECTL"] ?? "/usr/lib/google-cloud-sdk/bin/kubectl.1.33";
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    check: { type: "boolean" },
    replay: { type: "boolean" },
    new: { type: "boolean" },
    only: { type: "string" },
    jobs: { type: "string", default: "3" },
  },
});
const jobs = values.replay ? 0 : Number(values.jobs);
const clusters = Array.from({ length: jobs }, () => new LiveCluster(KUBECTL));

/** As many at a time as there are clusters; the results in order. */
async function each<T>(cases: readonly Case[], act: (one: Case, on: LiveCluster) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async (on: LiveCluster): Promise<void> => {
    for (let at = next++; at < cases.length; at = next++) results[at] = await act(cases[at]!, on);
  };
  await Promise.all(clusters.map(worker));
  return results;
}

function chosen({ line }: Case): boolean {
  return values.only === undefined || new RegExp(values.only).test(line);
}

function differences(expected: Partial<LineResult>, ours: Partial<LineResult>): string[] {
  return (["rc", "stdout", "stderr"] as const).flatMap((key) => {
    const [left, right] = [expected, ours].map((side) => String(side[key] ?? "").split("\n")) as [string[], string[]];
    const rows = Array.from({ length: Math.max(left.length, right.length) }, (_, at) => at);
    const differing = rows.filter((at) => left[at] !== right[at]).slice(0, 8);
    return differing.map(
      (at) => `  ${key} ${at + 1}\n    real: ${JSON.stringify(left[at])}\n    ours: ${JSON.stringify(right[at])}`,
    );
  });
}

async function check(name: string, file: CaseFile): Promise<void> {
  const same = await each(file.cases.filter(chosen), async (one, on) => {
    const expected = compared(one, file, await on.real(one));
    return tell(one, differences(expected, compared(one, file, await on.ours(one))));
  });
  console.log(name, same.filter(Boolean).length, "identical of", same.length);
}

/** Says what differs; whether nothing does. */
function tell(one: Case, found: readonly string[]): boolean {
  if (found.length > 0)
    console.log(`${one.differs === undefined ? "DIFF" : "xfail"}  ${one.line}\n${found.join("\n")}`);
  return found.length === 0;
}

async function replay(name: string, file: CaseFile): Promise<void> {
  const recorded = new Map(recording(name).map((row) => [row.of, row]));
  let same = 0;
  for (const one of file.cases.filter(chosen)) {
    const row = recorded.get(fingerprint(one));
    if (row && tell(one, differences(compared(one, file, row), compared(one, file, await replayed(one))))) same++;
  }
  console.log(name, same, "identical of", recorded.size);
}

async function record(name: string, { cases, replacements }: CaseFile): Promise<void> {
  const kept = new Map(recording(name).map((row) => [row.of, row]));
  const rows = await each(cases, async (one, on): Promise<Recorded> => {
    const of = fingerprint(one);
    const before = kept.get(of);
    if (before && (values.new || !chosen(one))) return before;
    const { stdout, stderr, rc } = await on.real(one);
    if (rc === TIMED_OUT) console.log(`timed out: ${one.line}`);
    return { line: one.line, of, stdout: normal(stdout, replacements), stderr: normal(stderr, replacements), rc };
  });
  writeFileSync(recordingPath(name), `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`);
  console.log(name, rows.length);
}

try {
  await Promise.all(clusters.map((one) => one.start()));
  for (const name of positionals.length > 0 ? positionals : caseFileNames())
    await (values.check ? check : values.replay ? replay : record)(name, caseFile(name));
} finally {
  for (const one of clusters) one.stop();
}
process.exit(0);
