import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const CLI = join(import.meta.dirname, "../../cli.ts");
const folder = mkdtempSync(join(tmpdir(), "drydock-cluster-"));
const kubeconfig = join(folder, "kubeconfig");

let server: ChildProcess;
let url: string;

beforeAll(async () => {
  writeFileSync(join(folder, "cm.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: here}\n");
  server = spawn(process.execPath, [CLI, "cluster", "--port", "0", "--kubeconfig", kubeconfig], { cwd: folder });
  url = await new Promise((resolve, reject) => {
    server.on("exit", (code) => reject(new Error(`ended with ${code}`)));
    server.stdout!.on("data", (line: Buffer) => {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line.toString());
      if (found) resolve(found[0]);
    });
  });
}, 60_000);

afterAll(() => {
  server.kill();
  rmSync(folder, { recursive: true });
});

async function line(text: string, stdin?: string): Promise<unknown> {
  const response = await fetch(`${url}/line`, { method: "POST", body: JSON.stringify({ line: text, stdin }) });
  return response.json();
}

async function names(path: string): Promise<string[]> {
  const list = (await (await fetch(`${url}${path}`)).json()) as { items: { metadata: { name: string } }[] };
  return list.items.map(({ metadata }) => metadata.name);
}

test("a kubeconfig names the server, which answers real clients", async () => {
  expect(readFileSync(kubeconfig, "utf8")).toContain(`server: ${url}\n`);
  expect(await names("/api/v1/nodes")).toEqual(["controlplane", "node01"]);
  const missing = await fetch(`${url}/api/v1/namespaces/default/pods/nope`);
  expect([missing.status, ((await missing.json()) as { message: string }).message]).toEqual([
    404,
    'pods "nope" not found',
  ]);
});

test.each([
  [["--port", "0", "--kubeconfig", "/nope/kc"], 1, /^drydock: cluster: the kubeconfig: ENOENT/],
  [["--port", "70000", "--kubeconfig", kubeconfig], 2, /^drydock: cluster: --port 70000: ports end at 65535\n/],
])("says what is wrong with %j", async (words, code, says) => {
  expect(await refused(words)).toEqual({ code, stderr: expect.stringMatching(says) as string });
});

test("says that a port is taken", async () => {
  const { port } = new URL(url);
  expect(await refused(["--port", port, "--kubeconfig", join(folder, "other")])).toEqual({
    code: 1,
    stderr: `drydock: cluster: port ${port} of 127.0.0.1: another program listens on it\n`,
  });
});

function refused(words: readonly string[]): Promise<{ code: number | null; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [CLI, "cluster", ...words], { cwd: folder });
    let stderr = "";
    child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
    child.on("close", (code) => resolve({ code, stderr }));
  });
}

test("lines run in a shell of the world, and name files of this folder", async () => {
  expect(await line("k get nodes -o name; cat; exit 3", "typed\n")).toEqual({
    stdout: "node/controlplane\nnode/node01\ntyped\n",
    stderr: "",
    rc: 3,
  });
  expect(await line("kubectl apply -f cm.yaml")).toEqual({ stdout: "configmap/here created\n", stderr: "", rc: 0 });
  expect(await names("/api/v1/namespaces/default/configmaps")).toEqual(["here", "kube-root-ca.crt"]);
});

test("a reset puts a new world behind the same address", async () => {
  await line("kubectl create configmap gone");
  expect(await (await fetch(`${url}/reset`, { method: "POST" })).json()).toEqual({});
  expect(await names("/api/v1/namespaces/default/configmaps")).toEqual(["kube-root-ca.crt"]);
});

test("what is no line is refused with what was expected", async () => {
  const response = await fetch(`${url}/line`, { method: "POST", body: "nonsense" });
  expect([response.status, await response.json()]).toEqual([
    400,
    { error: 'expected {"line": "TEXT", "stdin": "TEXT"}' },
  ]);
});
