import { beforeAll, describe, expect, test } from "vitest";
import { openWorld } from "../../commands/open-world.ts";
import { runProgram, type Ran } from "../../sim/host/testing.ts";
import type { Host } from "../../sim/host/index.ts";
import { normal } from "./fixtures/cases.ts";

/** Several users and clusters in one kubeconfig, against one server. */
let host: Host;

beforeAll(async () => {
  ({ host } = await openWorld({ seed: 1 }));
  await sh(`kubectl config set-credentials bot --token=$(kubectl create token default)
    kubectl config set-credentials bad --token=nonsense
    kubectl config set-context bot --cluster=kubernetes --user=bot --namespace=kube-public
    kubectl config set-cluster dead --server=https://127.0.0.1:1
    kubectl config set-context dead --cluster=dead --user=kubernetes-admin
    kubectl create rolebinding see --clusterrole=view --serviceaccount=default:default -n kube-public`);
}, 60_000);

async function sh(script: string): Promise<Ran> {
  const ran = await runProgram(host, ["bash", "-c", script], { env: { HOME: "/root", PATH: "/usr/bin:/bin" } });
  return { ...ran, stderr: normal(ran.stderr) };
}

const last = (text: string): string => text.trimEnd().split("\n").at(-1)!;
const WHO = "auth whoami -o jsonpath={.status.userInfo.username}";

describe("contexts of one kubeconfig", () => {
  test("each come as their own user, with their own rights and namespace", async () => {
    expect((await sh(`kubectl ${WHO}; echo; kubectl --context=bot ${WHO}`)).stdout).toBe(
      "kubernetes-admin\nsystem:serviceaccount:default:default",
    );
    expect((await sh("kubectl --context=bot get cm -o name")).stdout).toBe(
      "configmap/cluster-info\nconfigmap/kube-root-ca.crt\n",
    );
    expect(await sh("kubectl --context=bot get cm -n default")).toEqual({
      stdout: "",
      stderr:
        'Error from server (Forbidden): configmaps is forbidden: User "system:serviceaccount:default:default" cannot list resource "configmaps" in API group "" in the namespace "default"\n',
      code: 1,
    });
    expect((await sh("kubectl --user=bot --as=root get cm")).stderr).toBe(
      'Error from server (Forbidden): users "root" is forbidden: User "system:serviceaccount:default:default" cannot impersonate resource "users" in API group "" at the cluster scope\n',
    );
  });

  test("a token that is none is refused", async () => {
    expect(last((await sh("kubectl --user=bad get cm")).stderr)).toBe(
      "error: You must be logged in to the server (Unauthorized)",
    );
  });

  test("a cluster that nobody serves is told from one that is there", async () => {
    const refused = "The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?";
    expect(last((await sh("kubectl --context=dead get cm")).stderr)).toBe(refused);
    expect(last((await sh("kubectl --cluster=dead get cm")).stderr)).toBe(refused);
    expect((await sh("kubectl --context=dead --cluster=kubernetes get ns default -o name")).stdout).toBe(
      "namespace/default\n",
    );
  });
});

describe("a user whose credentials a command gives", () => {
  const credential = (status: string): string =>
    `{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":${status}}`;
  const user = (command: string): string =>
    `kubectl config set-credentials run --exec-command=${command} --exec-api-version=client.authentication.k8s.io/v1 --exec-interactive-mode=Never > /dev/null`;

  test("is whom the command's token is of; the command knows what it is asked for", async () => {
    host.files.write(
      "/root/.kube/give",
      `#!/bin/sh\necho "$KUBERNETES_EXEC_INFO" >&2\necho '${credential('{"token":"\'$T\'"}')}'\n`,
      { mode: 0o755 },
    );
    const { stdout, stderr } = await sh(
      `${user("./give")}; export T=$(kubectl create token default); kubectl --user=run ${WHO}`,
    );
    expect(stdout).toBe("system:serviceaccount:default:default");
    expect(stderr).toBe(
      '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":{"interactive":false}}\n',
    );
  });

  beforeAll(() => {
    host.files.write("/root/.kube/empty", `#!/bin/sh\necho '${credential("{}")}'\n`, { mode: 0o755 });
  });

  // Words of the real kubectl 1.33.1.
  test.each([
    [
      "no-such",
      /^Unable to connect to the server: getting credentials: exec: executable no-such not found\n\nIt looks/m,
    ],
    ["./no/such", /credentials: exec: fork\/exec \/root\/\.kube\/no\/such: no such file or directory\n$/],
    [
      "false",
      /Unable to connect to the server: getting credentials: exec: executable false failed with exit code 1\n$/,
    ],
    [
      "true",
      /credentials: exec plugin is configured to use API version client.authentication.k8s.io\/v1, plugin returned version client.authentication.k8s.io\/__internal\n$/,
    ],
    ["./empty", /credentials: exec plugin didn't return a token or cert\/key pair\n$/],
  ])("that fails: %s", async (command, says) => {
    const { stderr, code } = await sh(`${user(command)}; kubectl --user=run get ns`);
    expect(stderr).toMatch(says);
    expect(code).toBe(1);
  });
});
