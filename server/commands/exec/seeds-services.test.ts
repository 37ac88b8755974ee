import { beforeEach, describe, expect, test } from "vitest";
import { turn } from "../../sim/kernel/testing.ts";
import { CLUSTER_PRESETS } from "../../sim/presets/index.ts";
import { boot, type World } from "../../sim/world/index.ts";
import { worldCode } from "../../sessions/actor/world-code.ts";
import { freshCluster, typed } from "./testing.ts";

/** The rows of the source notes that are about Services and kube-proxy (SEEDS.md), by their numbers. */
let world: World;

beforeEach(async () => {
  world = await freshCluster();
}, 60_000);

const said = (...lines: string[]): Promise<string[]> => typed(world, lines);

const WEB =
  "kubectl create deployment web --image=nginx --replicas=2; kubectl rollout status deployment web >/dev/null";
const CIP = "$(kubectl get svc web-svc -o jsonpath={.spec.clusterIP})";

describe("Services", () => {
  test("S1 ClusterIP: port and targetPort, endpoints, reached from Pods and nodes and not from outside", async () => {
    const out = await said(
      WEB,
      "kubectl expose deployment web --port=8080 --target-port=80 --name=web-svc",
      "kubectl describe svc web-svc | grep -E '^(Type|Port|TargetPort|Endpoints)' | sed -E 's/ +/ /'",
      `curl -s -m 2 ${CIP}:8080 | grep title; ssh node01 curl -s -m 2 ${CIP}:8080 | grep title`,
      "kubectl run t --image=busybox:1.28 -it --rm --restart=Never -- wget -qO- -T 3 web-svc:8080 | grep title",
      `curl -s -m 2 ${CIP}:80; echo $?`,
      "kubectl get svc web-svc -o jsonpath={.spec.clusterIP}",
    );
    expect(out[1]).toBe("service/web-svc exposed\n");
    expect(out[2]).toMatch(
      /^Type: ClusterIP\nPort: <unset>  8080\/TCP\nTargetPort: 80\/TCP\nEndpoints: 10\.244\.1\.\d+:80,10\.244\.1\.\d+:80\n$/,
    );
    expect(out[3]).toBe("<title>Welcome to nginx!</title>\n".repeat(2));
    expect(out[4]).toContain("<title>Welcome to nginx!</title>\n");
    expect(out[5]).toBe("28\n");
    expect(await typed(world, [`curl -s -m 2 ${out[6]!}:8080; echo $?`], "outside")).toEqual(["28\n"]);
  });

  test("S2 NodePort: on every node; a port that is taken or out of range is refused", async () => {
    const out = await said(
      WEB,
      "kubectl create service nodeport web --tcp=80 --node-port=30007; sleep 1",
      "for n in 172.30.1.2 172.30.2.2; do curl -s -m 2 $n:30007 | grep title; done",
      "kubectl create service nodeport other --tcp=80 --node-port=30007",
      "kubectl create service nodeport other --tcp=80 --node-port=29999",
      "kubectl create service nodeport other --tcp=80; kubectl get svc other -o jsonpath={.spec.ports[0].nodePort}",
    );
    expect(out[2]).toBe("<title>Welcome to nginx!</title>\n".repeat(2));
    expect(out[3]).toBe(
      'error: failed to create NodePort service: Service "other" is invalid: spec.ports[0].nodePort: Invalid value: 30007: provided port is already allocated\n',
    );
    expect(out[4]).toBe(
      'error: failed to create NodePort service: Service "other" is invalid: spec.ports[0].nodePort: Invalid value: 29999: provided port is not in the valid range. The range of valid ports is 30000-32767\n',
    );
    const port = Number(/\d+$/.exec(out[5]!)![0]);
    expect(port).toBeGreaterThanOrEqual(30_000);
    expect(port).toBeLessThanOrEqual(32_767);
    expect(await typed(world, ["curl -s -m 2 172.30.2.2:30007 | grep title"], "outside")).toEqual([
      "<title>Welcome to nginx!</title>\n",
    ]);
  });

  test("S3 source IP: a node's with Cluster, the client's with Local, where nodes without endpoints are silent", async () => {
    const out = await said(
      "kubectl create deployment source-ip-app --image=registry.k8s.io/echoserver:1.4; kubectl rollout status deployment source-ip-app >/dev/null",
      "kubectl expose deployment source-ip-app --name=nodeport --port=80 --target-port=8080 --type=NodePort",
      "kubectl get svc nodeport -o jsonpath={.spec.ports[0].nodePort}; kubectl get pod -o jsonpath=' {.items[0].spec.nodeName} {.items[0].status.podIP}'",
    );
    const [port, node, pod] = out[2]!.split(" ");
    expect(node).toBe("node01");
    const loop = `NODES="172.30.1.2 172.30.2.2"; for node in $NODES; do curl --connect-timeout 1 -s $node:${port!} | grep -i client_address; echo $node; done`;
    const [cluster] = await typed(world, [loop], "outside");
    expect(cluster).toBe("client_address=10.244.0.0\n172.30.1.2\nclient_address=10.244.1.1\n172.30.2.2\n");
    await said(`kubectl patch svc nodeport -p '{"spec":{"externalTrafficPolicy":"Local"}}'; sleep 1`);
    const [local] = await typed(world, [loop], "outside");
    expect(local).toBe("172.30.1.2\nclient_address=192.168.100.10\n172.30.2.2\n");
    const [own] = await said(
      `kubectl run c --image=busybox:1.28 -it --rm --restart=Never -- wget -qO- -T 3 ${pod!}:8080`,
    );
    expect(own).toMatch(/^CLIENT VALUES:\nclient_address=10\.244\.1\.\d+\ncommand=GET\nreal path=\/\n/);
  });

  test("S4 others: LoadBalancer without a provider, externalIPs, ExternalName, headless, named ports", async () => {
    const out = await said(
      WEB,
      "kubectl create service loadbalancer web --tcp=80; sleep 1; kubectl get svc web --no-headers | awk '{print $2, $4}'",
      "curl -s -m 2 172.30.1.2:$(kubectl get svc web -o jsonpath={.spec.ports[0].nodePort}) | grep title",
      `kubectl patch svc web -p '{"spec":{"externalIPs":["203.0.113.50"]}}'; sleep 1; curl -s -m 2 203.0.113.50 | grep title`,
      "kubectl create service externalname ext --external-name=example.com; kubectl run t --image=nicolaka/netshoot -it --rm --restart=Never -- dig +short ext.default.svc.cluster.local",
      'kubectl create service clusterip hl --clusterip=None --tcp=80; kubectl patch svc hl -p \'{"spec":{"selector":{"app":"web"}}}\' >/dev/null; sleep 1; kubectl run t --image=nicolaka/netshoot -it --rm --restart=Never -- dig +short hl.default.svc.cluster.local | grep -c 10.244',
      `kubectl patch deployment web --type=json -p '[{"op":"add","path":"/spec/template/spec/containers/0/ports","value":[{"containerPort":80,"name":"http-web"}]}]' >/dev/null; kubectl rollout status deployment web >/dev/null; kubectl expose deployment web --name=named --port=81 --target-port=http-web; sleep 1; curl -s -m 2 $(kubectl get svc named -o jsonpath={.spec.clusterIP}):81 | grep title`,
    );
    expect(out[1]).toBe("service/web created\nLoadBalancer <pending>\n");
    expect(out[2]).toBe("<title>Welcome to nginx!</title>\n");
    expect(out[3]).toBe("service/web patched\n<title>Welcome to nginx!</title>\n");
    expect(out[4]).toBe('service/ext created\nexample.com.\n198.51.100.10\npod "t" deleted\n');
    expect(out[5]).toBe("service/hl created\n2\n");
    expect(out[6]).toBe("service/named exposed\n<title>Welcome to nginx!</title>\n");
  });
});

describe("kube-proxy", () => {
  test("K1 iptables: a DaemonSet that says what it is, its ConfigMap, its chains; no file of a unit", async () => {
    const out = await said(
      "kubectl -n kube-system get ds kube-proxy --no-headers | awk '{print $1, $2, $4}'; kubectl -n kube-system get pods -l k8s-app=kube-proxy -o wide --no-headers | awk '{print $7}' | sort",
      "kubectl -n kube-system logs ds/kube-proxy 2>/dev/null | grep -i 'using iptables' | sed 's/.*] //'",
      "kubectl -n kube-system get cm kube-proxy -o jsonpath='{.data.config\\.conf}' | grep -E '^(mode|clusterCIDR|kind)'",
      "iptables -L -t nat | grep 'Chain KUBE-SVC'; iptables -t nat -S | grep -c DNAT",
      "ls /var/log/kube-proxy.log; kubectl -n kube-system describe ds kube-proxy | grep -A3 Command",
      "curl -s localhost:10249/proxyMode; echo; curl -s -o /dev/null -w '%{http_code}\\n' localhost:10256/healthz",
    );
    expect(out[0]).toBe("kube-proxy 2 2\ncontrolplane\nnode01\n");
    expect(out[1]).toBe('"Using iptables proxy"\n"Using iptables Proxier"\n');
    expect(out[2]).toBe('clusterCIDR: 10.244.0.0/16\nkind: KubeProxyConfiguration\nmode: ""\n');
    expect(out[3]).toContain("Chain KUBE-SVC-TCOU7JCQXEZGVUNU (1 references)\n");
    expect(out[3]).toMatch(/\n7\n$/);
    expect(out[4]).toMatch(/ls: cannot access '\/var\/log\/kube-proxy.log': No such file or directory/);
    expect(out[4]).toContain("--config=/var/lib/kube-proxy/config.conf\n      --hostname-override=$(NODE_NAME)\n");
    expect(out[5]).toBe("iptables\n200\n");
  });

  const IPVS = [
    `kubectl -n kube-system get cm kube-proxy -o yaml | sed 's/mode: ""/mode: "ipvs"/' > cm.yaml; kubectl -n kube-system replace -f cm.yaml`,
    "kubectl -n kube-system rollout restart ds kube-proxy >/dev/null; kubectl -n kube-system rollout status ds kube-proxy | tail -1; sleep 1",
  ];

  test("K1 ipvs: the mode changed in the ConfigMap; virtual servers serve, and old chains stay behind", async () => {
    const out = await said(
      WEB,
      "kubectl create service nodeport web --tcp=80 --node-port=30007",
      ...IPVS,
      "kubectl -n kube-system logs ds/kube-proxy 2>/dev/null | grep -i 'using ipvs' | sed 's/.*] //'; curl -s localhost:10249/proxyMode; echo",
      "ipvsadm -Ln -t 10.96.0.1:443; ipvsadm -Ln | grep -A2 172.30.1.2:30007",
      "ip -br a show kube-ipvs0 | grep -o '10.96.0.10/32'; ip -o link show kube-ipvs0 | cut -d: -f2,3 | cut -c1-60",
      "ipset list KUBE-NODE-PORT-TCP | tail -1; ipset list -n | grep -c ^KUBE-",
      "iptables -t nat -S KUBE-SERVICES; iptables -t nat -S | grep -c 'N KUBE-SVC'",
      "curl -s -m 2 172.30.2.2:30007 | grep title; curl -s -m 2 $(kubectl get svc web -o jsonpath={.spec.clusterIP}) | grep title",
      "kubectl run t --image=busybox:1.28 -it --rm --restart=Never -- nslookup web | tail -2",
    );
    expect(out[3]).toBe('daemon set "kube-proxy" successfully rolled out\n');
    expect(out[4]).toBe('"Using ipvs Proxier"\nipvs\n');
    expect(out[5]).toMatch(
      /^Prot LocalAddress:Port Scheduler Flags\n {2}-> RemoteAddress:Port {11}Forward Weight ActiveConn InActConn\nTCP {2}10\.96\.0\.1:443 rr\n {2}-> 172\.30\.1\.2:6443 {14}Masq {4}1 {6}\d +\d+ +\nTCP {2}172\.30\.1\.2:30007 rr\n( {2}-> 10\.244\.1\.\d:80 {16}Masq {4}1 {6}0 {10}0 {9}\n){2}$/,
    );
    expect(out[6]).toBe("10.96.0.10/32\n kube-ipvs0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOW\n");
    expect(out[7]).toBe("30007\n34\n");
    expect(out[8]).toContain(
      '-A KUBE-SERVICES ! -s 10.244.0.0/16 -m comment --comment "Kubernetes service cluster ip + port for masquerade purpose" -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ\n',
    );
    expect(out[8]).toMatch(/\n5\n$/);
    expect(out[9]).toBe("<title>Welcome to nginx!</title>\n".repeat(2));
    expect(out[10]).toContain("web.default.svc.cluster.local");
  });

  test("K1 ipvs: its own preset comes up in that mode", async () => {
    const own = await boot(worldCode(), CLUSTER_PRESETS["kubeadm-ipvs"]!.topology, { seed: 1, turn });
    const [mode, table] = await typed(own, [
      "curl -s localhost:10249/proxyMode",
      "ipvsadm -Ln | grep -c rr; iptables -t nat -S | grep -c KUBE-SVC",
    ]);
    expect(mode).toBe("ipvs");
    expect(table).toBe("4\n0\n");
  }, 60_000);
});

test("T1 shell: a Pod for one command prints all, ends and is deleted; a shell of a Pod; a loop over nodes", async () => {
  const out = await said(
    WEB,
    "kubectl expose deployment web --port=80",
    "kubectl run -it test --image=busybox:1.28 --rm --restart=Never -- nslookup web",
    "kubectl run -it test --image=busybox:1.28 --rm --restart=Never -- nslookup nosuch",
    "kubectl get pod test",
    "kubectl exec deploy/web -- /bin/bash -c 'echo $0; hostname | cut -c1-4'",
  );
  expect(out[2]).toMatch(
    /^Server: {4}10\.96\.0\.10\nAddress 1: 10\.96\.0\.10 kube-dns\.kube-system\.svc\.cluster\.local\n\nName: {6}web\nAddress 1: 10\.\d+\.\d+\.\d+ web\.default\.svc\.cluster\.local\npod "test" deleted\n$/,
  );
  expect(out[3]).toContain("nslookup: can't resolve 'nosuch'\npod \"test\" deleted\n");
  expect(out[4]).toBe('Error from server (NotFound): pods "test" not found\n');
  expect(out[5]).toBe("/bin/bash\nweb-\n");
});

test("I3 old manifests: what v1.33 has no more is refused", async () => {
  const ingress = (version: string, backend: string): string =>
    `cat > i.yaml <<'E'\napiVersion: ${version}\nkind: Ingress\nmetadata:\n  name: old\nspec:\n  rules:\n  - http:\n      paths:\n      - path: /\n        backend:\n          ${backend}\nE\nkubectl apply -f i.yaml`;
  const out = await said(
    ingress("extensions/v1beta1", "serviceName: web\n          servicePort: 80"),
    ingress("networking.k8s.io/v1beta1", "serviceName: web\n          servicePort: 80"),
    ingress("networking.k8s.io/v1", "serviceName: web\n          servicePort: 80"),
  );
  for (const version of ["extensions/v1beta1", "networking.k8s.io/v1beta1"])
    expect(out[version.startsWith("ext") ? 0 : 1]).toContain(
      `error: resource mapping not found for name: "old" namespace: "" from "i.yaml": no matches for kind "Ingress" in version "${version}"\nensure CRDs are installed first\n`,
    );
  expect(out[2]).toContain(
    'Error from server (BadRequest): error when creating "i.yaml": Ingress in version "v1" cannot be handled as a Ingress: strict decoding error: unknown field "spec.rules[0].http.paths[0].backend.serviceName", unknown field "spec.rules[0].http.paths[0].backend.servicePort"\n',
  );
});
