import { beforeAll, describe, expect, test } from "vitest";
import { openWorld } from "../../../commands/open-world.ts";
import type { Host } from "../../../sim/host/index.ts";
import { runProgram } from "../../../sim/host/testing.ts";

/** What missing rights do to a whole cluster, seen through its terminal. */
let host: Host;

beforeAll(async () => {
  ({ host } = await openWorld({ seed: 1 }));
}, 60_000);

/** What a line of shell prints, both streams together. */
async function sh(line: string): Promise<string> {
  const ran = await runProgram(host, ["bash", "-c", line], { env: { HOME: "/root" } });
  return ran.stdout + ran.stderr;
}

const wait = (seconds: number): Promise<string> => sh(`sleep ${seconds}`);

describe("CoreDNS without its ClusterRoleBinding", () => {
  test("cannot list, says so, and does not get ready", async () => {
    await sh("kubectl delete clusterrolebinding system:coredns; kubectl -n kube-system delete pod -l k8s-app=kube-dns");
    await wait(15);
    expect(await sh("kubectl -n kube-system get pods -l k8s-app=kube-dns --no-headers")).toMatch(
      /^coredns-\S+ +0\/1 +Running .*\ncoredns-\S+ +0\/1 +Running .*\n$/,
    );
    expect(await sh("kubectl -n kube-system logs deploy/coredns")).toContain(
      'failed to list *v1.Service: services is forbidden: User "system:serviceaccount:kube-system:coredns" cannot list resource "services" in API group "" at the cluster scope',
    );
  }, 60_000);

  test("and works again with it", async () => {
    await sh(
      "kubectl create clusterrolebinding system:coredns --clusterrole=system:coredns --serviceaccount=kube-system:coredns",
    );
    await wait(60);
    expect(await sh("kubectl -n kube-system get deploy coredns --no-headers")).toMatch(/^coredns +2\/2 +2 +2 /);
  }, 60_000);
});

describe("a controller without its rights", () => {
  test("does nothing, and its work is done once the API server has started again", async () => {
    await sh("kubectl delete clusterrolebinding system:controller:replicaset-controller");
    await sh("kubectl create deployment web --image=nginx --replicas=2");
    await wait(5);
    expect(await sh("kubectl get deploy web --no-headers")).toMatch(/^web +0\/2 +0 +0 /);
    await sh("kubectl delete clusterrole view");
    const manifest = "/etc/kubernetes/manifests/kube-apiserver.yaml";
    await sh(`mv ${manifest} /root/api.yaml; sleep 25; mv /root/api.yaml ${manifest}; sleep 90`);
    expect(await sh("kubectl get clusterrole view -o name")).toBe("clusterrole.rbac.authorization.k8s.io/view\n");
    expect(await sh("kubectl get deploy web --no-headers")).toMatch(/^web +2\/2 +2 +2 /);
  }, 60_000);
});

describe("users", () => {
  test("of a token may what their account may", async () => {
    await sh(
      "kubectl create sa bot; kubectl create role reader --verb=get,list --resource=pods; kubectl create rolebinding bot --role=reader --serviceaccount=default:bot",
    );
    await sh("kubectl config set-credentials bot --token=$(kubectl create token bot)");
    expect(await sh("kubectl --user=bot auth whoami -o jsonpath='{.status.userInfo.username}'")).toBe(
      "system:serviceaccount:default:bot",
    );
    expect(await sh("kubectl --user=bot auth can-i list pods; kubectl --user=bot auth can-i list secrets")).toBe(
      "yes\nno\n",
    );
    expect(await sh("kubectl --user=bot get secrets")).toBe(
      'Error from server (Forbidden): secrets is forbidden: User "system:serviceaccount:default:bot" cannot list resource "secrets" in API group "" in the namespace "default"\n',
    );
    expect(await sh("kubectl --user=bot get pods --as=jane")).toBe(
      'Error from server (Forbidden): users "jane" is forbidden: User "system:serviceaccount:default:bot" cannot impersonate resource "users" in API group "" at the cluster scope\n',
    );
    await sh("kubectl delete sa bot; kubectl create sa bot");
    expect(await sh("kubectl --user=bot get pods")).toMatch(/You must be logged in to the server \(Unauthorized\)\n$/);
  });

  test("of a Secret's token, for as long as the Secret is there", async () => {
    const secret =
      "apiVersion: v1\nkind: Secret\ntype: kubernetes.io/service-account-token\nmetadata:\n  name: forever\n  annotations: {kubernetes.io/service-account.name: bot}\n";
    await sh(`kubectl apply -f - <<'EOF'\n${secret}EOF`);
    await wait(1);
    await sh(
      "kubectl config set-credentials old --token=$(kubectl get secret forever -o jsonpath='{.data.token}' | base64 -d)",
    );
    expect(await sh("kubectl --user=old auth whoami -o jsonpath='{.status.userInfo.username}'")).toBe(
      "system:serviceaccount:default:bot",
    );
    await sh("kubectl delete secret forever");
    expect(await sh("kubectl --user=old auth whoami")).toMatch(/Unauthorized/);
  });

  test("of a bootstrap token", async () => {
    await sh(
      "kubectl -n kube-system create secret generic bootstrap-token-abcdef --type=bootstrap.kubernetes.io/token --from-literal=token-id=abcdef --from-literal=token-secret=0123456789abcdef --from-literal=usage-bootstrap-authentication=true --from-literal=auth-extra-groups=system:bootstrappers:kubeadm:default-node-token",
    );
    await sh("kubectl config set-credentials new-node --token=abcdef.0123456789abcdef");
    expect(await sh("kubectl --user=new-node auth whoami")).toBe(
      "ATTRIBUTE   VALUE\n" +
        "Username    system:bootstrap:abcdef\n" +
        "Groups      [system:bootstrappers system:bootstrappers:kubeadm:default-node-token system:authenticated]\n",
    );
    expect(await sh("kubectl --user=new-node get node node01 -o name")).toBe("node/node01\n");
    expect(await sh("kubectl --user=new-node get pods")).toContain("Forbidden");
  });
});
