import { expect, test } from "vitest";
import { freshCluster, typed } from "./testing.ts";

test("a kubelet without a client CA takes the API server for anybody, and its node stays Ready", async () => {
  const world = await freshCluster();
  const [, node, logs, exec] = await typed(world, [
    `ssh node01 "sed -i /clientCAFile/d /var/lib/kubelet/config.yaml; systemctl restart kubelet"; sleep 5`,
    "kubectl get node node01 --no-headers | awk '{print $2}'",
    "kubectl -n kube-system logs $(kubectl -n kube-system get pods -l k8s-app=kube-proxy --field-selector spec.nodeName=node01 -o name)",
    "kubectl -n kube-system exec $(kubectl -n kube-system get pods -l k8s-app=kube-proxy --field-selector spec.nodeName=node01 -o name) -- true",
  ]);
  expect(node).toBe("Ready\n");
  expect(logs).toMatch(
    /^error: You must be logged in to the server \(the server has asked for the client to provide credentials \( pods\/log kube-proxy-\w{5}\)\)\n$/,
  );
  expect(exec).toBe("error: unable to upgrade connection: Unauthorized\n");
}, 60_000);

test("a kubelet lets strangers in as its file has it: not at all, as system:anonymous, or to everything", async () => {
  const world = await freshCluster();
  const [, closed, named, open, unknown] = await typed(world, [
    `set_to() { ssh node01 "sed -i '$1' /var/lib/kubelet/config.yaml; systemctl restart kubelet"; sleep 5; }`,
    "curl -sk https://node01:10250/pods",
    "set_to '/anonymous:/{n;s/false/true/}'; curl -sk https://node01:10250/pods",
    "set_to 's/mode: Webhook/mode: AlwaysAllow/'; curl -sk https://node01:10250/pods | jq -r '.items[].metadata.name' | grep -c kube-",
    `set_to 's/mode: AlwaysAllow/mode: RBAC/'; ssh node01 journalctl -u kubelet | grep -o 'failed to run Kubelet: [^"]*' | tail -1`,
  ]);
  expect(unknown).toBe("failed to run Kubelet: unknown authorization mode RBAC\n");
  expect(closed).toBe("Unauthorized");
  expect(named).toBe("Forbidden (user=system:anonymous, verb=get, resource=nodes, subresource(s)=[pods proxy])\n");
  expect(open).toBe("2\n");
}, 60_000);
