import { describe, expect, test } from "vitest";
import { typed } from "./testing.ts";
import { freshPreset } from "./testing-presets.ts";

/** The rows of the source notes that are about networks of Pods (SEEDS.md), by their numbers, on the presets that they apply to. */
const NETWORKS = ["kubeadm", "kubeadm-calico", "kubeadm-weave"] as const;
const TIMEOUT = 60_000;

const said = async (preset: string, ...lines: string[]): Promise<string[]> => typed(await freshPreset(preset), lines);

const on = (node: string, name: string, image = "nicolaka/netshoot", command = "-- sleep 3600"): string =>
  `kubectl run ${name} --image=${image} --overrides='{"spec":{"nodeName":"${node}"}}' ${command}`;
const ready = "kubectl wait --for=condition=Ready pod --all --timeout=60s > /dev/null";
const ip = (pod: string): string => `$(kubectl get pod ${pod} -o jsonpath={.status.podIP})`;

describe("C1 CNI files", () => {
  test.each([
    ["kubeadm", "10-flannel.conflist", "cbr0 flannel portmap", "flannel"],
    ["kubeadm-calico", "10-calico.conflist", "k8s-pod-network calico portmap bandwidth", "calico"],
    ["kubeadm-weave", "10-weave.conflist", "weave weave-net portmap", "weave-net"],
  ])("%s", async (preset, file, plugins, binary) => {
    const out = await said(
      preset,
      "ls /etc/cni/net.d/*.conflist",
      `jq -r '[.name, .plugins[].type] | join(" ")' /etc/cni/net.d/${file}`,
      `ls /opt/cni/bin | grep -cx -e bridge -e host-local -e portmap -e loopback -e ${binary}`,
    );
    expect(out).toEqual([`/etc/cni/net.d/${file}\n`, `${plugins}\n`, "5\n"]);
  }, TIMEOUT); // prettier-ignore
});

test("C2 kubelet: its process, unit, flags and configuration, and the runtime that runs the plugins", async () => {
  const out = await said(
    "kubeadm-nocni",
    "ps -aux | grep -c '[/]usr/bin/kubelet'; systemctl is-active kubelet; systemctl cat kubelet | grep -c KUBELET_KUBEADM_ARGS",
    "grep -o 'container-runtime-endpoint=[^ ]*' /var/lib/kubelet/kubeadm-flags.env; grep clusterDNS -A1 /var/lib/kubelet/config.yaml",
  );
  expect(out[0]).toBe("1\nactive\n2\n");
  expect(out[1]).toBe("container-runtime-endpoint=unix:///var/run/containerd/containerd.sock\nclusterDNS:\n- 10.96.0.10\n");
}, TIMEOUT); // prettier-ignore

test("C3 no configuration: nodes are NotReady, CoreDNS waits, and a network add-on ends that", async () => {
  const out = await said(
    "kubeadm-nocni",
    "kubectl get nodes --no-headers | awk '{print $1, $2}'; kubectl -n kube-system get pods -l k8s-app=kube-dns --no-headers | awk '{print $3}'",
    "kubectl describe node node01 | grep -o 'container runtime network not ready.*'",
    "kubectl apply -f https://raw.githubusercontent.com/flannel-io/flannel/master/Documentation/kube-flannel.yml | tail -1; sleep 30",
    "kubectl get nodes --no-headers | awk '{print $1, $2}'; kubectl -n kube-system get pods -l k8s-app=kube-dns --no-headers | awk '{print $3}'",
  );
  expect(out[0]).toBe("controlplane NotReady\nnode01 NotReady\nPending\nPending\n");
  expect(out[1]).toBe(
    "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized\n",
  );
  expect(out[3]).toBe("controlplane Ready\nnode01 Ready\nRunning\nRunning\n");
}, TIMEOUT); // prettier-ignore

describe("C4 weave", () => {
  test("its manifest works from its address: two containers a Pod, one Pod a node, its bridge and its addresses", async () => {
    const out = await said(
      "kubeadm-nocni",
      "kubectl apply -f https://github.com/weaveworks/weave/releases/download/v2.8.1/weave-daemonset-k8s.yaml; sleep 40",
      "kubectl -n kube-system get pods -l name=weave-net -o wide --no-headers | awk '{print $2, $3, $7}' | sort",
      "kubectl get nodes --no-headers | awk '{print $2}' | sort | uniq -c",
      "kubectl -n kube-system logs $(kubectl -n kube-system get pods -l name=weave-net -o name | head -1) -c weave | grep -o 'ipalloc-range:[^ ]*'",
      "ip -4 -br addr show weave | awk '{print $1, $2}'; ip -o link show type bridge | awk '{print $2, $5}'; ip route | grep weave | cut -d' ' -f1-5",
    );
    expect(out[0]).toBe(
      [
        "serviceaccount/weave-net created",
        "clusterrole.rbac.authorization.k8s.io/weave-net created",
        "clusterrolebinding.rbac.authorization.k8s.io/weave-net created",
        "role.rbac.authorization.k8s.io/weave-net created",
        "rolebinding.rbac.authorization.k8s.io/weave-net created",
        "daemonset.apps/weave-net created",
        "",
      ].join("\n"),
    );
    expect(out[1]).toBe("2/2 Running controlplane\n2/2 Running node01\n");
    expect(out[2]).toBe("      2 Ready\n");
    expect(out[3]).toBe("ipalloc-range:10.32.0.0/12\n");
    expect(out[4]).toBe("weave UP\nweave: 1376\n10.32.0.0/12 dev weave proto kernel\n");
  }, TIMEOUT); // prettier-ignore

  test("a Pod's gateway is its node's weave address; the weaver tells its state", async () => {
    const out = await said(
      "kubeadm-weave",
      `${on("node01", "a")}; ${ready}`,
      "kubectl exec a -- ip route; ssh node01 ip -4 -br addr show weave | awk '{print $3}'; ip -4 -o addr show weave | grep -o 'inet .* global'",
      "curl -s 127.0.0.1:6784/status | grep -e Connections -e Status -e Range; kubectl -n kube-system get cm weave-net -o yaml | grep -o NodeName | wc -l",
      "kubectl -n kube-system get cm kube-proxy -o yaml | grep -o 'clusterCIDR: .*'",
      `${on("controlplane", "web", "traefik/whoami", "")}; kubectl expose pod web --port=80; ${ready}; kubectl exec a -- curl -s web | grep -o 'RemoteAddr: [0-9.]*'`,
    );
    expect(out[1]).toBe(
      "default via 10.44.0.0 dev eth0 \n10.32.0.0/12 dev eth0 proto kernel scope link src 10.44.0.1 \n10.44.0.0/12\ninet 10.32.0.1/12 brd 10.47.255.255 scope global\n",
    );
    expect(out[2]).toBe("    Connections: 1 (1 established)\n         Status: ready\n          Range: 10.32.0.0/12\n2\n");
    // kube-proxy knows weave's range: what a Pod sends to a Service keeps the Pod's address, even across nodes.
    expect(out[3]).toBe("clusterCIDR: 10.32.0.0/12\n");
    expect(out[4]).toMatch(/RemoteAddr: 10\.44\.0\.1\n$/);
  }, TIMEOUT); // prettier-ignore
});

test.each(NETWORKS)("C5 choice: the same policy on %s", async (preset) => {
  const policy = `kubectl apply -f - <<'END'
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny}
spec: {podSelector: {matchLabels: {run: web}}, policyTypes: [Ingress]}
END`;
  const out = await said(
    preset,
    `${on("controlplane", "web", "nginx", "")}; ${on("node01", "a")}; ${ready}`,
    `kubectl exec a -- curl -s -o /dev/null -m 2 -w '%{http_code}\\n' ${ip("web")}`,
    `${policy}\nsleep 2`,
    `kubectl exec a -- curl -s -o /dev/null -m 2 -w '%{http_code}\\n' ${ip("web")}`,
    "kubectl delete networkpolicy deny; sleep 2",
    `kubectl exec a -- curl -s -o /dev/null -m 2 -w '%{http_code}\\n' ${ip("web")}`,
  );
  expect(out[1]).toBe("200\n");
  expect(out[3]).toMatch(preset === "kubeadm" ? /^200\n$/ : /^000\n.*exit code 28\n$/);
  expect(out[5]).toBe("200\n");
}, TIMEOUT); // prettier-ignore

test.each(NETWORKS)(
  "P1 pod net: who asks is seen with its own address, on one node and across, on %s",
  async (preset) => {
    const out = await said(
      preset,
      [
        on("controlplane", "a"),
        on("node01", "b"),
        on("node01", "c"),
        on("controlplane", "web", "traefik/whoami", ""),
        on("node01", "web1", "traefik/whoami", ""),
        ready,
      ].join("; "),
      `for p in a b; do for w in web web1; do kubectl exec $p -- curl -s -m 3 $(kubectl get pod $w -o jsonpath={.status.podIP}) | grep RemoteAddr | cut -d' ' -f2 | cut -d: -f1; done; done`,
      `for p in a a b b; do kubectl get pod $p -o jsonpath='{.status.podIP}{"\\n"}'; done`,
      `curl -s -m 3 -o /dev/null -w '%{http_code}\\n' ${ip("web")}; curl -s -m 3 -o /dev/null -w '%{http_code}\\n' ${ip("web1")}`,
      `kubectl run h --image=nicolaka/netshoot --overrides='{"spec":{"nodeName":"node01","hostNetwork":true}}' -- sleep 3600; ${ready}; kubectl exec h -- curl -s -m 3 -o /dev/null -w '%{http_code}\\n' ${ip("web")}`,
      `kubectl exec b -- curl -sI -m 3 https://kubernetes.io | head -1; kubectl exec a -- nslookup kubernetes.default | tail -2`,
    );
    expect(out[1]).toBe(out[2]);
    expect(out[3]).toBe("200\n200\n");
    expect(out[4]).toContain("200\n");
    expect(out[5]).toContain("200");
    expect(out[5]).toContain("10.96.0.1");
  },
  TIMEOUT,
);

test.each([
  ["kubeadm", "default via 10.244.1.1 dev eth0 "],
  ["kubeadm-calico", "default via 169.254.1.1 dev eth0 "],
  ["kubeadm-weave", "default via 10.44.0.0 dev eth0 "],
])("P2 placement: nodeName, then the Pod's routes tell the gateway, on %s", async (preset, route) => {
  const out = await said(
    preset,
    `${on("node01", "box", "busybox:1.36")}; ${on("node01", "web", "nginx", "")}; ${ready}`,
    "kubectl get pod box -o jsonpath='{.spec.nodeName}'; echo; kubectl exec box -- ip route | head -1",
    "kubectl exec web -- ip route",
  );
  expect(out[1]).toBe(`node01\n${route}\n`);
  expect(out[2]).toContain('exec: "ip": executable file not found in $PATH');
}, TIMEOUT); // prettier-ignore

test.each([
  ["kubeadm", "10.244.0.0/16", "kubectl -n kube-flannel get cm kube-flannel-cfg -o jsonpath='{.data.net-conf\\.json}' | jq -r .Network"],
  ["kubeadm-calico", "10.244.0.0/16", "kubectl get ippools default-ipv4-ippool -o jsonpath='{.spec.cidr}'; echo"],
  ["kubeadm-weave", "10.32.0.0/12", "kubectl -n kube-system logs ds/weave-net -c weave 2>/dev/null | grep -o 'ipalloc-range:[^ ]*' | cut -d: -f2"],
])("S5 ranges: of nodes, Pods and Services on %s", async (preset, range, command) => {
  const out = await said(
    preset,
    "kubectl get nodes -o wide --no-headers | awk '{print $6}'",
    command,
    "grep service-cluster-ip-range /etc/kubernetes/manifests/kube-apiserver.yaml | tr -d ' -'",
    "kubectl get svc -A --no-headers | awk '{print $4}' | cut -d. -f1,2 | sort -u",
  );
  expect(out).toEqual(["172.30.1.2\n172.30.2.2\n", `${range}\n`, "serviceclusteriprange=10.96.0.0/12\n", "10.96\n"]);
}, TIMEOUT); // prettier-ignore
