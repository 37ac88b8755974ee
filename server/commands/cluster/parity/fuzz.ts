/**
 * Runs generated kubectl lines through the real kubectl and through ours, each on a cluster of its own, and prints what differs:
 *
 *     node server/commands/cluster/parity/fuzz.ts [--seed N] [--count N] [--batch N] [--only PATTERN] [--json FILE]
 *
 * The lines of a seed are always the same. A batch of them runs in one world, so that they find what the ones before have made;
 * the next batch begins in a new one. `--only` takes just the lines that match, `--json` writes every line, its input and what
 * both did. `KUBECTL` names the real kubectl. No part of CI: what it finds goes into cases/, which are recorded.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { LineResult } from "../line.ts";
import type { Case, CaseFile } from "./cases.ts";
import { Dice } from "./fuzz/dice.ts";
import { generated } from "./fuzz/lines.ts";
import { LiveCluster } from "./live.ts";
import { compared } from "./recording.ts";

const KUBECTL = process.env["KUBECTL"] ?? "/usr/lib/google-cloud-sdk/bin/kubectl.1.33";
const SETUP = ["kubectl apply -f fuzz.yaml > /dev/null 2>&1", "sleep 1"];
const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "400" },
    batch: { type: "string", default: "40" },
    only: { type: "string" },
    json: { type: "string" },
  },
});

/** What differs from run to run beside what all cases know. */
const FILE: CaseFile = {
  cases: [],
  replacements: [
    { pattern: /\\?"?resourceVersion\\?"?: ?\\?"?\d+\\?"?/g, by: "resourceVersion" },
    { pattern: /Resource Version:( +)\d+/g, by: "Resource Version:$1<rv>" },
    { pattern: /10\.96\.(?!7\.7)\d+\.\d+/g, by: "10.96.<n>" },
    { pattern: /3\d{4}\/(TCP|UDP|SCTP)/g, by: "<np>/$1" },
    { pattern: /(nodePort"?: |NodePort: .*?|healthCheckNodePort"?: )3\d{4}/gi, by: "$1<np>" },
    { pattern: /^F\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ /gm, by: "<klog> " },
    { pattern: /\b(web|none|new|np|lb|x)-[a-z0-9]{5}\b/g, by: "$1-<x>" },
    { pattern: /Expected resource version to be (\d+), was \d+/g, by: "Expected resource version to be $1, was <rv>" },
    { pattern: /kubectl-edit-\d+/g, by: "kubectl-edit-<n>" },
    { pattern: /https?:\/\/(127\.0\.0\.1:\d+|172\.30\.1\.2:6443)/g, by: "<server>" },
  ],
};

interface Row {
  readonly line: string;
  readonly stdin: string | undefined;
  readonly real: Partial<LineResult>;
  readonly ours: Partial<LineResult>;
}

function differences({ real, ours }: Row): string[] {
  return (["rc", "stdout", "stderr"] as const).flatMap((key) => {
    const [left, right] = [real, ours].map((side) => String(side[key] ?? "").split("\n")) as [string[], string[]];
    const at = Array.from({ length: Math.max(left.length, right.length) }, (_, row) => row);
    return at
      .filter((row) => left[row] !== right[row])
      .slice(0, 4)
      .map(
        (row) => `  ${key} ${row + 1}\n    real: ${JSON.stringify(left[row])}\n    ours: ${JSON.stringify(right[row])}`,
      );
  });
}

async function results(on: LiveCluster, side: "real" | "ours", cases: readonly Case[]): Promise<LineResult[]> {
  await on.begin(side, SETUP);
  const out: LineResult[] = [];
  for (const one of cases) out.push(await on.next(side, one));
  return out;
}

const dice = new Dice(Number(values.seed));
const cases = generated(dice, Number(values.count)).filter(
  ({ line }) => values.only === undefined || new RegExp(values.only).test(line),
);
const clusters = [new LiveCluster(KUBECTL), new LiveCluster(KUBECTL)] as const;
const rows: Row[] = [];
let differing = 0;
try {
  await Promise.all(clusters.map((one) => one.start()));
  const size = Number(values.batch);
  for (let from = 0; from < cases.length; from += size) {
    const batch = cases.slice(from, from + size);
    const [real, ours] = await Promise.all([results(clusters[0], "real", batch), results(clusters[1], "ours", batch)]);
    batch.forEach((one, at) => {
      const row: Row = {
        line: one.line,
        stdin: one.stdin,
        real: compared(one, FILE, real[at]!),
        ours: compared(one, FILE, ours[at]!),
      };
      rows.push(row);
      const found = differences(row);
      if (found.length === 0) return;
      differing++;
      const stdin = one.stdin === undefined ? "" : `${one.stdin.replace(/^/gm, "  | ").trimEnd()}\n`;
      console.log(`DIFF  ${one.line}\n${stdin}${found.join("\n")}`);
    });
  }
} finally {
  for (const one of clusters) one.stop();
}
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(rows, undefined, 1));
console.log(`seed ${values.seed}: ${rows.length - differing} identical of ${rows.length}`);
process.exit(differing > 0 ? 1 : 0);
