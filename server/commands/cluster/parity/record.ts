/**
 * Records what the real kubectl does with the lines in cases/NAME.txt on a booted cluster, for parity.test.ts:
 *
 *     node server/commands/cluster/parity/record.ts [--check] [--new] [--only PATTERN] [NAME…]
 *
 * With `--check` nothing is written: ours runs as well, live, and the differences are printed. `--new` records only the cases
 * that are new or changed. `KUBECTL` names the real kubectl. Run it in peace: the clock is the wall clock.
 *
 * parity.mjs itself runs over all files by
 *
 *     (cd server/commands/cluster/parity/files && node ../../../../cli.ts cluster --port 41000 --kubeconfig /tmp/kc &
 *     sleep 3; for f in ../cases/*.txt; do node /work/shared/tools/parity.mjs --cases $f --kubeconfig /tmp/kc --kubectl $KUBECTL \
 *     --emulator http://127.0.0.1:41000/line --reset http://127.0.0.1:41000/reset; done; kill %1)
 */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { LineResult } from "../line.ts";
import type { Case } from "./cases.ts";
import { normal } from "./normal.ts";
import {
  caseFile,
  caseFileNames,
  compared,
  FILES,
  fingerprint,
  recording,
  recordingPath,
  type Recorded,
} from "./recording.ts";

const KUBECTL = process.env["KUBECTL"] ?? "/usr/lib/google-cloud-sdk/bin/kubectl.1.33";
const CLI = join(import.meta.dirname, "../../../cli.ts");
const FUNCTIONS = 'kubectl(){ command "$KUBECTL" "$@"; }; k(){ kubectl "$@"; }\n';
const TIME_LIMIT = 15_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { check: { type: "boolean" }, new: { type: "boolean" }, only: { type: "string" } },
});
const folder = mkdtempSync(join(tmpdir(), "parity-"));
const kubeconfig = join(folder, "kubeconfig");
// For programs that start kubectl themselves: xargs, timeout.
symlinkSync(KUBECTL, join(folder, "kubectl"));

async function startCluster(): Promise<{ url: string; process: ChildProcess }> {
  const child = spawn(process.execPath, [CLI, "cluster", "--port", "0", "--kubeconfig", kubeconfig], {
    cwd: FILES,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.on("exit", (code) => reject(new Error(`the cluster ended with ${code}`)));
    child.stdout.on("data", (line: Buffer) => {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line.toString());
      if (found) resolve(found[0]);
    });
  });
  return { url, process: child };
}

/** The line as the real kubectl runs it, in the bash of this machine. */
function real(line: string, stdin: string | undefined, home: string): Promise<LineResult> {
  return new Promise((resolve, reject) => {
    const env = {
      PATH: `${folder}:${process.env["PATH"]}`,
      HOME: home,
      TZ: "UTC",
      LANG: "C",
      KUBECONFIG: kubeconfig,
      KUBECTL,
      KUBE_EDITOR: "true",
      TERM: "dumb",
      NO_COLOR: "1",
    };
    const child = spawn("bash", ["-c", FUNCTIONS + line], { cwd: FILES, env, detached: true });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (data: Buffer) => stdout.push(data));
    child.stderr.on("data", (data: Buffer) => stderr.push(data));
    child.stdin.on("error", () => {});
    child.stdin.end(stdin ?? "");
    const timer = setTimeout(() => {
      process.kill(-child.pid!, "SIGKILL");
      reject(new Error(`no end after ${TIME_LIMIT} ms: ${line}`));
    }, TIME_LIMIT);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString(), rc: code ?? 137 });
    });
  });
}

async function post(url: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

type Run = (line: string, stdin?: string) => Promise<LineResult>;

async function half(url: string, one: Case, run: Run): Promise<LineResult> {
  await post(`${url}/reset`, {});
  for (const line of one.setup) await run(line);
  return run(one.line, one.stdin);
}

async function realHalf(url: string, one: Case): Promise<LineResult> {
  const home = mkdtempSync(join(folder, "home-"));
  const { stdout, stderr, rc } = await half(url, one, (line, stdin) => real(line, stdin, home));
  return { stdout: stdout.replaceAll(home, "<home>"), stderr: stderr.replaceAll(home, "<home>"), rc };
}

function ourHalf(url: string, one: Case): Promise<LineResult> {
  return half(url, one, async (line, stdin) => (await post(`${url}/line`, { line, stdin })) as LineResult);
}

function differences(expected: Partial<LineResult>, ours: Partial<LineResult>): string[] {
  return (["rc", "stdout", "stderr"] as const).flatMap((key) => {
    const [left, right] = [expected, ours].map((each) => String(each[key] ?? "").split("\n")) as [string[], string[]];
    const rows = Array.from({ length: Math.max(left.length, right.length) }, (_, at) => at);
    const differing = rows.filter((at) => left[at] !== right[at]).slice(0, 8);
    return differing.map(
      (at) => `  ${key} ${at + 1}\n    real: ${JSON.stringify(left[at])}\n    ours: ${JSON.stringify(right[at])}`,
    );
  });
}

async function check(url: string, name: string): Promise<void> {
  const file = caseFile(name);
  let same = 0;
  for (const one of file.cases) {
    if (values.only !== undefined && !new RegExp(values.only).test(one.line)) continue;
    const expected = compared(one, file, await realHalf(url, one));
    const found = differences(expected, compared(one, file, await ourHalf(url, one)));
    if (found.length === 0) same++;
    else console.log(`${one.differs === undefined ? "DIFF" : "xfail"}  ${one.line}\n${found.join("\n")}`);
  }
  console.log(name, same, "identical of", file.cases.length);
}

async function record(url: string, name: string): Promise<void> {
  const { cases, replacements } = caseFile(name);
  const kept = new Map(recording(name).map((row) => [row.of, row]));
  const rows: Recorded[] = [];
  for (const one of cases) {
    const of = fingerprint(one);
    const before = kept.get(of);
    const wanted = values.only === undefined ? !values.new : new RegExp(values.only).test(one.line);
    if (before && !wanted) {
      rows.push(before);
      continue;
    }
    const { stdout, stderr, rc } = await realHalf(url, one);
    rows.push({ line: one.line, of, stdout: normal(stdout, replacements), stderr: normal(stderr, replacements), rc });
  }
  writeFileSync(recordingPath(name), `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`);
  console.log(name, rows.length);
}

const cluster = await startCluster();
try {
  for (const name of positionals.length > 0 ? positionals : caseFileNames())
    await (values.check ? check : record)(cluster.url, name);
} finally {
  cluster.process.removeAllListeners("exit");
  cluster.process.kill();
  rmSync(folder, { recursive: true, force: true });
}
