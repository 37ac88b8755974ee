import { beforeEach, describe, expect, test } from "vitest";
import type { World } from "../../sim/world/index.ts";
import { freshCluster, typed } from "./testing.ts";

/** Faults of Services, kube-proxy and DNS, and what a learner sees of them. */
let world: World;

beforeEach(async () => {
  world = await freshCluster();
}, 60_000);

const SETUP = [
  "kubectl create deployment web --image=nginx --replicas=2; kubectl expose deployment web --port=80; kubectl rollout status deployment web >/dev/null",
  "kubectl run c --image=busybox:1.36 -- sleep 36000; kubectl wait --for=condition=Ready pod/c >/dev/null",
];

async function after(...lines: string[]): Promise<string[]> {
  return (await typed(world, [...SETUP, ...lines])).slice(SETUP.length);
}

const CIP = "$(kubectl get svc web -o jsonpath={.spec.clusterIP})";
const ASK = "kubectl exec c -- wget -qO- -T 3 web";
const PAGE = `${ASK} | grep title`;
const TITLE = "<title>Welcome to nginx!</title>\n";
const REFUSED =
  /^wget: can't connect to remote host \(10\.\d+\.\d+\.\d+\): Connection refused\ncommand terminated with exit code 1\n$/;

describe("kube-proxy", () => {
  test("its chains flushed: names and addresses of Services are dead at once, and alive again within its sync", async () => {
    const out = await after(
      `curl -s -m 2 ${CIP} | grep title`,
      `iptables -t nat -F KUBE-SERVICES; curl -s -m 2 ${CIP}; echo $?; ${PAGE}`,
      "for t in nat filter mangle; do iptables -t $t -F; iptables -t $t -X; done; iptables -t nat -S",
      `sleep 40; curl -s -m 2 ${CIP} | grep title; iptables -t nat -S | grep -c 'N KUBE-SVC'`,
    );
    expect(out[0]).toBe(TITLE);
    // The other node's chains are its own: the Pod there goes on.
    expect(out[1]).toBe(`28\n${TITLE}`);
    expect(out[2]).toBe("-P PREROUTING ACCEPT\n-P INPUT ACCEPT\n-P OUTPUT ACCEPT\n-P POSTROUTING ACCEPT\n");
    expect(out[3]).toBe(`${TITLE}5\n`);
  });

  test("crashed by its configuration: old rules stay, new Services get none, the log says why", async () => {
    const out = await after(
      `kubectl -n kube-system get cm kube-proxy -o yaml > cm.yaml; sed -i 's/mode: ""/mode: "iptable"/' cm.yaml; kubectl -n kube-system replace -f cm.yaml; kubectl -n kube-system delete pods -l k8s-app=kube-proxy >/dev/null; sleep 10`,
      "kubectl -n kube-system get pods -l k8s-app=kube-proxy --no-headers | awk '{print $2, $3}' | sort -u",
      "kubectl -n kube-system logs ds/kube-proxy 2>/dev/null | tail -1 | sed 's/.*run.go/run.go/'",
      `${PAGE}; curl -s -m 2 ${CIP} | grep title`,
      "kubectl expose deployment web --port=80 --name=late; sleep 2; curl -s -m 2 $(kubectl get svc late -o jsonpath={.spec.clusterIP}); echo $?; iptables-save | grep -c default/late",
      "kubectl scale deployment web --replicas=1 >/dev/null; sleep 5; for i in 1 2 3 4 5 6 7 8; do curl -s -m 1 -o /dev/null $(kubectl get svc web -o jsonpath={.spec.clusterIP}); echo $?; done | sort | uniq -c | wc -l; iptables -t nat -S | grep -c 'default/web .*statistic'",
    );
    expect(out[1]).toMatch(/^0\/1 (Error|CrashLoopBackOff)\n$/);
    expect(out[2]).toMatch(
      /^run\.go:\d+\] "command failed" err="failed validate: KubeProxyConfiguration\.Mode\.ProxyMode: Invalid value: \\"iptable\\": must be iptables, ipvs, nftables or blank \(blank means the best-available proxy \[currently iptables\]\)"\n$/,
    );
    expect(out[3]).toBe(TITLE.repeat(2));
    expect(out[4]).toBe("service/late exposed\n28\n0\n");
    // One of two endpoints is gone, which the rules do not know.
    expect(out[5]).toMatch(/^[123]\n1\n$/);
  });
});

describe("a Service", () => {
  test("selector typo: no endpoints, connections refused, a REJECT in the tables", async () => {
    const out = await after(
      `kubectl patch svc web --type=merge -p '{"spec":{"selector":{"app":"wbe"}}}'; sleep 1`,
      "kubectl get endpoints web --no-headers 2>/dev/null | awk '{print $2}'",
      ASK,
      `curl -sS -m 3 ${CIP} 2>&1 | sed -E 's/[0-9.]+ port 80 after [0-9]+/IP port 80 after N/'`,
      "iptables-save -t filter | grep default/web | sed -E 's/-d [0-9.]+/-d IP/'",
    );
    expect(out[1]).toBe("<none>\n");
    expect(out[2]).toMatch(REFUSED);
    expect(out[3]).toBe("curl: (7) Failed to connect to IP port 80 after N ms: Couldn't connect to server\n");
    expect(out[4]).toBe(
      '-A KUBE-SERVICES -d IP/32 -p tcp -m comment --comment "default/web has no endpoints" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable\n',
    );
  });

  test("wrong targetPort: endpoints that refuse", async () => {
    const out = await after(
      `kubectl patch svc web --type=merge -p '{"spec":{"ports":[{"port":80,"targetPort":8080}]}}'; sleep 1`,
      "kubectl get endpoints web --no-headers 2>/dev/null | awk '{print $2}'",
      ASK,
    );
    expect(out[1]).toMatch(/^10\.244\.1\.\d+:8080,10\.244\.1\.\d+:8080\n$/);
    expect(out[2]).toMatch(REFUSED);
  });

  test("readiness failing: running Pods that are no endpoints", async () => {
    const out = await after(
      `kubectl patch deployment web --type=json -p '[{"op":"replace","path":"/spec/strategy","value":{"type":"Recreate"}},{"op":"add","path":"/spec/template/spec/containers/0/readinessProbe","value":{"httpGet":{"path":"/nope","port":80},"periodSeconds":2}}]' >/dev/null; sleep 12`,
      "kubectl get pods -l app=web --no-headers | awk '{print $2, $3}'",
      "kubectl describe pod -l app=web | grep -m1 Unhealthy | sed 's/.*kubelet *//'",
      "kubectl get endpoints web --no-headers 2>/dev/null | awk '{print $2}'; kubectl get endpointslices -l kubernetes.io/service-name=web -o jsonpath='{.items[*].endpoints[*].conditions.ready}'",
      ASK,
    );
    expect(out[1]).toBe("0/1 Running\n0/1 Running\n");
    expect(out[2]).toBe("Readiness probe failed: HTTP probe failed with statuscode: 404\n");
    expect(out[3]).toMatch(/false false$/);
    expect(out[4]).toMatch(REFUSED);
  });
});

describe("DNS", () => {
  test("CoreDNS scaled to zero: names fail with each client's words, addresses work, and all is well again later", async () => {
    const out = await after(
      "kubectl run n --image=nicolaka/netshoot -- sleep 36000; kubectl wait --for=condition=Ready pod/n >/dev/null; kubectl -n kube-system scale deployment coredns --replicas=0; sleep 15",
      ASK,
      "kubectl exec n -- dig +time=1 +tries=1 web.default.svc.cluster.local; kubectl exec n -- curl -sS web; kubectl exec n -- nslookup web",
      `kubectl exec c -- wget -qO- -T 3 ${CIP} | grep title; iptables-save -t filter | grep -c 'kube-dns.* has no endpoints'`,
      `kubectl -n kube-system scale deployment coredns --replicas=2; sleep 10; ${PAGE}`,
    );
    expect(out[1]).toBe("wget: bad address 'web'\ncommand terminated with exit code 1\n");
    expect(out[2]).toContain(";; communications error to 10.96.0.10#53: connection refused\n");
    expect(out[2]).toContain("curl: (6) Could not resolve host: web\n");
    expect(out[2]).toContain(";; no servers could be reached\n");
    expect(out[3]).toBe(`${TITLE}3\n`);
    expect(out[4]).toContain(TITLE);
  });

  test("wrong clusterDNS in the kubelet's configuration: Pods from then on ask where nobody is", async () => {
    const out = await after(
      "for n in controlplane node01; do ssh $n \"sed -i 's/10.96.0.10/10.96.0.11/' /var/lib/kubelet/config.yaml; systemctl restart kubelet\"; done; sed -i 's/10.96.0.10/10.96.0.11/' /var/lib/kubelet/config.yaml; systemctl restart kubelet; sleep 5",
      "kubectl run d --image=busybox:1.28 -- sleep 36000 >/dev/null; kubectl wait --for=condition=Ready pod/d >/dev/null; kubectl exec d -- grep nameserver /etc/resolv.conf; kubectl exec d -- nslookup web",
      PAGE,
    );
    expect(out[1]).toBe(
      "nameserver 10.96.0.11\nServer:    10.96.0.11\nAddress 1: 10.96.0.11\n\nnslookup: can't resolve 'web'\ncommand terminated with exit code 1\n",
    );
    expect(out[2]).toBe(TITLE);
  });
});
