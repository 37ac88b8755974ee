/**
 * Runs a script with the real client against a fresh `drydock cluster`, through the recording proxy, and writes
 * `recorded/`: `node server/http/kubernetes/real-kubectl/record.ts [kpt] [--only TEXT]`. With --only nothing is written:
 * lines that contain TEXT are shown. With --check nothing is written either: all lines are run, for another kubectl.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startCluster } from "./cluster.ts";
import { RecordingProxy } from "./proxy.ts";
import { protocolErrors, recordingText, Runner, type LineResult } from "./run.ts";
import { KPT, KUBECTL, scriptLines } from "./suite.ts";

const { values, positionals } = parseArgs({
  options: { only: { type: "string" }, check: { type: "boolean", default: false } },
  allowPositionals: true,
});
const { only, check } = values;
const suite = positionals[0] === "kpt" ? KPT : KUBECTL;
if (suite.programs() === undefined) throw new Error("no such client here: see suite.ts for where it is looked for");
const cluster = await startCluster();
const proxy = new RecordingProxy(cluster.url);
const runner = new Runner(suite, await proxy.listen());
const results: LineResult[] = [];
const exchanges: string[] = [];
try {
  for (const line of scriptLines(suite)) {
    if (only !== undefined && !line.includes(only)) continue;
    const started = performance.now();
    const result = await runner.run(line);
    results.push(result);
    for (const exchange of proxy.take()) exchanges.push(JSON.stringify({ line: results.length, ...exchange }));
    process.stderr.write(`${String(results.length).padStart(3)} ${Math.round(performance.now() - started)} ms  ${result.rc}  ${line.slice(0, 100)}\n`); // prettier-ignore
  }
} finally {
  runner.close();
  proxy.close();
  cluster.stop();
}
if (only === undefined && !check) {
  const folder = join(suite.folder, "recorded");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "output.txt"), recordingText(results));
  writeFileSync(join(folder, "exchanges.jsonl"), `${exchanges.join("\n")}\n`);
} else if (only !== undefined) process.stdout.write(recordingText(results));
const wrong = protocolErrors(results);
process.stdout.write(`${results.length} lines, ${exchanges.length} requests, ${wrong.length} with protocol errors\n`);
for (const { line, stderr } of wrong) process.stdout.write(`  ${line}\n    ${stderr.split("\n")[0]}\n`);
