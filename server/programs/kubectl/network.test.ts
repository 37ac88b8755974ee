import { beforeAll, describe, expect, test } from "vitest";
import { openWorld } from "../../commands/open-world.ts";
import { runProgram, type Ran } from "../../sim/host/testing.ts";
import type { Host } from "../../sim/host/index.ts";
import { SECOND } from "../../sim/kernel/index.ts";
import { normal } from "./fixtures/cases.ts";

/** kubectl in a whole world: through its host's network, TLS and resolver to a real API server, and on to the kubelets. */
let host: Host;

beforeAll(async () => {
  ({ host } = await openWorld({ seed: 1 }));
}, 60_000);

async function kubectl(line: string, env: Record<string, string> = {}): Promise<Ran> {
  const ran = await runProgram(host, ["kubectl", ...line.split(" ")], { env });
  return { ...ran, stderr: normal(ran.stderr) };
}

/** The last line of the errors; a client that knows no types yet tries several times before. */
const last = (text: string): string => text.trimEnd().split("\n").at(-1)!;

describe("kubectl over the network", () => {
  test("lists what the cluster has", async () => {
    const { stdout, stderr, code } = await kubectl("get nodes");
    expect({ stdout, stderr, code }).toEqual({
      stdout:
        "NAME           STATUS   ROLES           AGE   VERSION\n" +
        "controlplane   Ready    control-plane   5d    v1.33.1\n" +
        "node01         Ready    <none>          5d    v1.33.1\n",
      stderr: "",
      code: 0,
    });
  });

  test("tells a closed port, an unknown name and a silent address apart", async () => {
    expect(last((await kubectl("get ns --server=https://172.30.1.2:6444")).stderr)).toBe(
      "The connection to the server 172.30.1.2:6444 was refused - did you specify the right host or port?",
    );
    expect(last((await kubectl("get ns --server=https://nope.example:6443")).stderr)).toBe(
      "Unable to connect to the server: dial tcp: lookup nope.example on 127.0.0.53:53: no such host",
    );
    expect(last((await kubectl("get ns --server=https://172.30.1.99:6443")).stderr)).toBe(
      "Unable to connect to the server: dial tcp 172.30.1.99:6443: connect: no route to host",
    );
  });

  test("gives up after --request-timeout", async () => {
    const before = host.kernel.now;
    const { stderr } = await kubectl("get ns --server=https://172.30.1.99:6443 --request-timeout=1s");
    expect(last(stderr)).toBe(
      "Unable to connect to the server: net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)",
    );
    expect(host.kernel.now - before).toBeLessThan(20 * SECOND);
  });

  test("trusts the cluster's authority alone", async () => {
    await kubectl("config set-cluster other --server=https://172.30.1.2:6443");
    expect(last((await kubectl("get ns --cluster=other")).stderr)).toBe(
      "Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority",
    );
    expect((await kubectl("get ns default --cluster=other --insecure-skip-tls-verify -o name")).stdout).toBe(
      "namespace/default\n",
    );
  });

  test("is told that nobody knows its token", async () => {
    await kubectl("config set-credentials bob --token=abc");
    expect(last((await kubectl("get ns --user=bob")).stderr)).toBe(
      "error: You must be logged in to the server (Unauthorized)",
    );
  });

  test("acts as another, if it may", async () => {
    expect(last((await kubectl("get nodes --as=jane")).stderr)).toBe(
      'Error from server (Forbidden): nodes is forbidden: User "jane" cannot list resource "nodes" in API group "" at the cluster scope',
    );
    expect((await kubectl("get ns default -o name --as=jane --as-group=system:masters")).stdout).toBe(
      "namespace/default\n",
    );
  });

  test("without a kubeconfig tries the port of old", async () => {
    expect(last((await kubectl("get ns", { HOME: "/nowhere" })).stderr)).toBe(
      "The connection to the server localhost:8080 was refused - did you specify the right host or port?",
    );
  });

  test("runs a pod, waits for it, reads its log and works in it", async () => {
    expect((await kubectl("run web --image=nginx")).stdout).toBe("pod/web created\n");
    expect((await kubectl("wait pod/web --for=condition=Ready --timeout=60s")).stdout).toBe("pod/web condition met\n");
    expect((await kubectl("exec web -- hostname")).stdout).toBe("web\n");
    expect(await kubectl("exec web -- false")).toEqual({
      code: 1,
      stdout: "",
      stderr: "command terminated with exit code 1\n",
    });
    // Nobody writes into the pipe any more when the command was never started.
    const piped = await runProgram(host, [
      "bash",
      "-c",
      "kubectl exec web -- nope 2>/dev/null | cat; echo ${PIPESTATUS[@]}",
    ]);
    expect(piped).toEqual({ code: 0, stdout: "1 0\n", stderr: "" });
    expect((await kubectl("logs web --tail=1")).stdout).toMatch(/start worker process/);
    expect((await kubectl("delete pod web")).stdout).toBe('pod "web" deleted\n');
  });
});
