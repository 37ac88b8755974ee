/**
 * Runs the script with the real kubectl against a fresh `drydock cluster`, through the recording proxy, and writes
 * `recorded/`: `node server/http/kubernetes/real-kubectl/record.ts [--only TEXT]`. With --only nothing is written: lines
 * that contain TEXT are shown.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startCluster } from "./cluster.ts";
import { RecordingProxy } from "./proxy.ts";
import { findKubectl, protocolErrors, recordingText, Runner, scriptLines, type LineResult } from "./run.ts";

const kubectl = findKubectl();
if (kubectl === undefined) throw new Error("no kubectl here: name one in DRYDOCK_KUBECTL");
const only = process.argv[2] === "--only" ? process.argv[3] : undefined;
const cluster = await startCluster();
const proxy = new RecordingProxy(cluster.url);
const runner = new Runner(kubectl, await proxy.listen());
const results: LineResult[] = [];
const exchanges: string[] = [];
try {
  for (const line of scriptLines()) {
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
if (only === undefined) {
  const folder = join(import.meta.dirname, "recorded");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "output.txt"), recordingText(results));
  writeFileSync(join(folder, "exchanges.jsonl"), `${exchanges.join("\n")}\n`);
} else process.stdout.write(recordingText(results));
const wrong = protocolErrors(results);
process.stdout.write(`${results.length} lines, ${exchanges.length} requests, ${wrong.length} with protocol errors\n`);
for (const { line, stderr } of wrong) process.stdout.write(`  ${line}\n    ${stderr.split("\n")[0]}\n`);
