import { describe, expect, test } from "vitest";
import { iptables } from "../../../net/testing.ts";
import { netfilterOf, readSysctl, TableEditor } from "../../../net/index.ts";
import { endpointSlices, events, nodes, services } from "../../kinds/index.ts";
import { slice, service } from "./testing.ts";
import { apiServerStarted } from "./index.ts";
import { TestNode } from "./testing-node.ts";

const WEB = service("default/web", { clusterIP: "10.96.5.5" });
const WEB_CHAIN = "KUBE-SVC-LOLE4ISW44XBNF3G";

/** A node whose kube-proxy has written its rules. */
async function running(...objects: Parameters<TestNode["create"]>): Promise<TestNode> {
  const node = TestNode.create();
  node.create(...objects);
  node.startProxy();
  await node.pass(5);
  node.log();
  return node;
}

/** `iptables -t TABLE -F` and `-X`. */
function clear(node: TestNode, table: "mangle" | "nat" | "filter"): void {
  const netfilter = netfilterOf(node.ns);
  const editor = new TableEditor(netfilter, netfilter[table]);
  editor.flush();
  editor.deleteUserChains();
  editor.commit();
}

function jumps(rules: string, chain: string): string[] {
  return rules.split("\n").filter((line) => line.startsWith(`-A ${chain} `));
}

describe("start", () => {
  test("it says what the real one says", async () => {
    const node = TestNode.create();
    node.startProxy();
    await node.pass(1);
    expect(node.log()).toEqual([
      'I server_linux.go:63] "Using iptables proxy"',
      'I server.go:715] "Successfully retrieved node IP(s)" IPs=["172.30.1.2"]',
      'I conntrack.go:121] "Set sysctl" entry="net/netfilter/nf_conntrack_max" value=131072',
      'I conntrack.go:60] "Setting nf_conntrack_max" nfConntrackMax=131072',
      'I conntrack.go:121] "Set sysctl" entry="net/netfilter/nf_conntrack_tcp_timeout_established" value=86400',
      'I conntrack.go:121] "Set sysctl" entry="net/netfilter/nf_conntrack_tcp_timeout_close_wait" value=3600',
      'E server.go:245] "Kube-proxy configuration may be incomplete or incorrect" err="nodePortAddresses is unset; NodePort connections will be accepted on all local IPs. Consider using `--nodeport-addresses primary`"',
      'I server.go:254] "kube-proxy running in dual-stack mode" primary ipFamily="IPv4"',
      'I server_linux.go:145] "Using iptables Proxier"',
      'I proxier.go:243] "Setting route_localnet=1 to allow node-ports on localhost; to change this either disable iptables.localhostNodePorts (--iptables-localhost-nodeports) or set nodePortAddresses (--nodeport-addresses) to filter loopback addresses" ipFamily="IPv4"',
      'I server.go:516] "Version info" version="v1.33.1"',
      'I server.go:518] "Golang settings" GOGC="" GOMAXPROCS="" GOTRACEBACK=""',
      'I config.go:199] "Starting service config controller"',
      'I shared_informer.go:350] "Waiting for caches to sync" controller="service config"',
      'I config.go:105] "Starting endpoint slice config controller"',
      'I shared_informer.go:350] "Waiting for caches to sync" controller="endpoint slice config"',
      'I config.go:440] "Starting serviceCIDR config controller"',
      'I shared_informer.go:350] "Waiting for caches to sync" controller="serviceCIDR config"',
      'I config.go:329] "Starting node config controller"',
      'I shared_informer.go:350] "Waiting for caches to sync" controller="node config"',
      'I shared_informer.go:357] "Caches are synced" controller="service config"',
      'I shared_informer.go:357] "Caches are synced" controller="endpoint slice config"',
      'I shared_informer.go:357] "Caches are synced" controller="serviceCIDR config"',
      'I shared_informer.go:357] "Caches are synced" controller="node config"',
    ]);
    expect(readSysctl(node.ns, "net/ipv4/conf/all/route_localnet")).toMatchObject({ value: "1" });
    const [event] = node.client().list(events);
    expect(event).toMatchObject({
      reason: "Starting",
      type: "Normal",
      involvedObject: { kind: "Node", name: "controlplane" },
    });
  });

  test("a second start finds the sysctls set and the same rules", async () => {
    const node = await running(WEB, slice("default/web", ["10.244.0.5"]));
    const before = node.rules();
    node.host.machine.endDaemon(node.host.machine.processes().at(-1)!.pid, { code: 0 });
    expect(node.rules()).toBe(before);
    node.startProxy();
    await node.pass(2);
    expect(node.log().filter((line) => line.includes("conntrack.go"))).toEqual([
      'I conntrack.go:60] "Setting nf_conntrack_max" nfConntrackMax=131072',
    ]);
    expect(node.rules()).toBe(before);
  });

  const failing: [string, (node: TestNode) => void, string[], string][] = [
    ["no such file", () => {}, ["--config=/var/lib/kube-proxy/configuration.conf"], "failed complete: open /var/lib/kube-proxy/configuration.conf: no such file or directory"],
    ["no kubeconfig", (node) => node.host.files.unlink("/var/lib/kube-proxy/kubeconfig.conf"), [], "stat /var/lib/kube-proxy/kubeconfig.conf: no such file or directory"],
    ["a mode that there is not", (node) => edit(node, 'mode: ""', "mode: userspace"), [], 'failed validate: KubeProxyConfiguration.Mode.ProxyMode: Invalid value: "userspace": must be iptables, ipvs, nftables or blank (blank means the best-available proxy [currently iptables])'],
    ["a CIDR that is none", (node) => edit(node, "clusterCIDR: 10.244.0.0/16", "clusterCIDR: 10.244.0.0"), [], 'failed validate: KubeProxyConfiguration.DetectLocalConfiguration.ClusterCIDRs[0]: Invalid value: "10.244.0.0": must be a valid CIDR block (e.g. 10.100.0.0/16 or fde4:8dba:82e1::/48)'],
    ["a value of another type", (node) => edit(node, "masqueradeAll: false", "masqueradeAll: 5"), [], "failed complete: failed to decode: json: cannot unmarshal number into Go struct field KubeProxyConfiguration.iptables.masqueradeAll of type bool"],
    ["a duration without unit", (node) => edit(node, "configSyncPeriod: 0s", 'configSyncPeriod: "5"'), [], 'failed complete: failed to decode: time: missing unit in duration "5"'],
    ["another kind", (node) => edit(node, "kind: KubeProxyConfiguration", "kind: Foo"), [], 'failed complete: failed to decode: no kind "Foo" is registered for version "kubeproxy.config.k8s.io/v1alpha1" in scheme "pkg/proxy/apis/config/scheme/scheme.go:29"'],
  ]; // prettier-ignore

  function edit(node: TestNode, from: string, to: string): void {
    const path = "/var/lib/kube-proxy/config.conf";
    expect(node.read(path)).toContain(from);
    node.write(path, node.read(path).replace(from, to));
  }

  test.each(failing)("%s ends it", (_, change, flags, error) => {
    const node = TestNode.create();
    change(node);
    node.startProxy(...flags);
    const lines = node.log().filter((line) => !line.includes("Using iptables proxy"));
    expect(lines).toEqual([`E run.go:72] "command failed" err=${JSON.stringify(error)}`]);
    expect(
      node.host.machine.processes().filter(({ comm, state }) => comm === "kube-proxy" && state === "running"),
    ).toEqual([]);
  });

  test("--version", () => {
    const node = TestNode.create();
    node.startProxy("--version");
    expect(node.log()).toEqual(["Kubernetes v1.33.1"]);
  });

  test("fields that there are not are told of and let be", async () => {
    const node = TestNode.create();
    edit(node, 'mode: ""', 'mode: ""\nfoo: 1');
    node.startProxy();
    expect(node.log()[0]).toMatch(
      /^I options\.go:\d+\] "Using lenient decoding as strict decoding failed" err="strict decoding error: unknown field \\"foo\\""$/,
    );
  });
});

describe("changes", () => {
  test("a new Service is there within a moment; its end as well", async () => {
    const node = await running();
    node.create(WEB, slice("default/web", ["10.244.0.5", "10.244.0.6"]));
    await node.pass(0.1);
    expect(jumps(node.rules(), WEB_CHAIN)).toEqual([
      `-A ${WEB_CHAIN} ! -s 10.244.0.0/16 -d 10.96.5.5/32 -p tcp -m comment --comment "default/web cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ`,
      expect.stringMatching(
        /"default\/web -> 10\.244\.0\.5:80" -m statistic --mode random --probability 0\.50000000000 -j KUBE-SEP-/,
      ),
      expect.stringMatching(/"default\/web -> 10\.244\.0\.6:80" -j KUBE-SEP-/),
    ]);
    node.client().delete(services, "default", "web");
    node.client().delete(endpointSlices, "default", "web-abcde");
    await node.pass(2);
    expect(node.rules()).not.toContain("default/web");
    expect(node.rules()).not.toMatch(/KUBE-(SVC|SEP)-/);
  });

  test("syncs come at most every second, after a burst of two", async () => {
    const node = await running(WEB);
    await node.pass(60);
    const seen: number[] = [];
    const start = node.kernel.now;
    for (let at = 0; at < 8; at++) {
      node.create(
        slice(`default/web${at}`, [`10.244.0.${at}`]),
        service(`default/web${at}`, { clusterIP: `10.96.6.${at}` }),
      );
      for (let step = 0; step < 25; step++) {
        const before = node.rules();
        await node.pass(0.01);
        if (node.rules() !== before) seen.push(Math.round((node.kernel.now - start) / 10_000) / 100);
      }
    }
    await node.pass(3);
    expect(node.rules()).toContain("default/web7 cluster IP");
    expect(seen).toEqual([0.02, 0.27, 1.02]);
  });

  test("a partial sync writes shared chains and those of changed services, and leaves the others", async () => {
    const node = await running(WEB, slice("default/web", ["10.244.0.5"]));
    iptables(node.ns, `-t nat -F ${WEB_CHAIN}`);
    iptables(node.ns, "-t nat -F KUBE-SERVICES");
    node.create(service("default/other", { clusterIP: "10.96.5.6" }));
    await node.pass(2);
    expect(jumps(node.rules(), "KUBE-SERVICES")).toHaveLength(2);
    expect(jumps(node.rules(), WEB_CHAIN)).toEqual([]);
  });

  test("labels of the Node make a full sync", async () => {
    const node = await running(WEB, slice("default/web", ["10.244.0.5"]));
    iptables(node.ns, "-t nat -F");
    node.client().patch(nodes, { name: "controlplane" }, "merge-patch+json", { metadata: { labels: { a: "b" } } });
    await node.pass(2);
    expect(jumps(node.rules(), WEB_CHAIN)).toHaveLength(2);
    expect(jumps(node.rules(), "PREROUTING")).toHaveLength(1);
  });
});

describe("a table that somebody flushes", () => {
  test("nat alone stays broken until something changes, and its jumps until the next full sync", async () => {
    const node = await running(WEB, slice("default/web", ["10.244.0.5"]));
    iptables(node.ns, "-t nat -F");
    await node.pass(600);
    expect(jumps(node.rules(), "KUBE-SERVICES")).toEqual([]);
    node.create(service("default/other", { clusterIP: "10.96.5.6" }));
    await node.pass(2);
    expect(jumps(node.rules(), "KUBE-SERVICES")).toHaveLength(2);
    expect(jumps(node.rules(), "PREROUTING")).toEqual([]);
    await node.pass(3600);
    expect(jumps(node.rules(), "PREROUTING")).toHaveLength(1);
    expect(jumps(node.rules(), WEB_CHAIN)).toHaveLength(2);
  });

  test("an idle cluster is left alone, also by the full sync of every hour", async () => {
    const node = await running(WEB, slice("default/web", ["10.244.0.5"]));
    node.create(service("default/other", { clusterIP: "10.96.5.6" }));
    await node.pass(3700);
    const rules = node.kernel.state.generation("net//iptables");
    expect(node.kernel.nextEventAt).toBeUndefined();
    await node.pass(20_000);
    expect(node.kernel.state.generation("net//iptables")).toBe(rules);
    iptables(node.ns, "-t nat -F PREROUTING");
    await node.pass(3600);
    expect(jumps(node.rules(), "PREROUTING")).toHaveLength(1);
  });

  test("all tables come back within the sync period", async () => {
    const node = await running(WEB, slice("default/web", ["10.244.0.5"]));
    const before = { nat: node.rules(), filter: node.rules("filter"), mangle: node.rules("mangle") };
    for (const table of ["mangle", "nat", "filter"] as const) clear(node, table);
    expect(node.rules()).not.toContain("KUBE");
    await node.pass(30);
    expect({ nat: node.rules(), filter: node.rules("filter"), mangle: node.rules("mangle") }).toEqual(before);
    expect(before.mangle).toContain(":KUBE-PROXY-CANARY - [0:0]");
  });

  test("a chain that is gone makes the next partial sync fail, and a full one follows", async () => {
    const node = await running(WEB, slice("default/web", ["10.244.0.5"]));
    clear(node, "nat");
    node.create(service("default/other", { clusterIP: "10.96.5.6" }));
    await node.pass(2);
    expect(node.log()).toEqual([
      expect.stringMatching(/^E proxier\.go:\d+\] "Failed to execute iptables-restore" err=<$/),
      "\texit status 2: iptables-restore v1.8.9 (nf_tables): Chain 'KUBE-SVC-LOLE4ISW44XBNF3G' does not exist",
      expect.stringMatching(/^\tError occurred at line: \d+$/),
      "\tTry `iptables-restore -h' or 'iptables-restore --help' for more information.",
      ' > ipFamily="IPv4"',
      expect.stringMatching(/^I proxier\.go:\d+\] "Sync failed" ipFamily="IPv4" retryingTime="30s"$/),
    ]);
    await node.pass(31);
    expect(jumps(node.rules(), "PREROUTING")).toHaveLength(1);
    expect(jumps(node.rules(), WEB_CHAIN)).toHaveLength(2);
  });
});

describe("without API server", () => {
  test("rules stay as they are; what has changed meanwhile comes when it is back", async () => {
    const node = await running(WEB, slice("default/web", ["10.244.0.5"]));
    const before = node.rules();
    node.stopApiServer();
    await node.pass(120);
    expect(node.log()).toEqual([]);
    expect(node.rules()).toBe(before);
    node.startApiServer();
    node.create(service("default/other", { clusterIP: "10.96.5.6" }));
    await node.pass(61);
    expect(node.rules("filter")).toContain("default/other has no endpoints");
  });

  test("flushed tables come back as they were, without what it has not heard of", async () => {
    const node = await running(WEB, slice("default/web", ["10.244.0.5"]));
    const before = node.rules();
    node.stopApiServer();
    await node.pass(1);
    node.create(service("default/other", { clusterIP: "10.96.5.6" }));
    for (const table of ["mangle", "nat", "filter"] as const) clear(node, table);
    await node.pass(31);
    expect(node.rules()).toBe(before);
    expect(node.rules("filter")).not.toContain("default/other");
  });

  test("whoever waits for one tries at once when it is said that there is one", async () => {
    const node = await running(WEB);
    node.stopApiServer();
    await node.pass(600);
    node.startApiServer();
    node.create(slice("default/web", ["10.244.0.5"]));
    apiServerStarted(node.hosts);
    await node.pass(0.2);
    expect(jumps(node.rules(), WEB_CHAIN)).toHaveLength(2);
  });

  test("what is written into its kubeconfig counts from the next start on", async () => {
    const node = await running(WEB);
    const path = "/var/lib/kube-proxy/kubeconfig.conf";
    node.write(path, node.read(path).replace("172.30.1.2:6443", "172.30.1.9:6443"));
    node.create(slice("default/web", ["10.244.0.5"]));
    await node.pass(2);
    expect(jumps(node.rules(), WEB_CHAIN)).toHaveLength(2);
    node.host.machine.endDaemon(node.host.machine.processes().at(-1)!.pid, { code: 0 });
    node.startProxy();
    await node.pass(1);
    expect(node.log().at(-1)).toBe(
      'E server.go:704] "Failed to retrieve node info" err="Get \\"https://172.30.1.9:6443/api/v1/nodes/controlplane\\": dial tcp 172.30.1.9:6443: connect: no route to host"',
    );
  });

  test("a start tells of every list that fails, and goes on once there is a server", async () => {
    const node = TestNode.create();
    node.create(WEB, slice("default/web", ["10.244.0.5"]));
    node.stopApiServer();
    node.startProxy();
    await node.pass(45);
    const lines = node.log();
    const refused = "dial tcp 172.30.1.2:6443: connect: connection refused";
    expect(lines.filter((line) => line.includes("server.go:704"))).toEqual(
      Array.from(
        { length: 6 },
        () =>
          `E server.go:704] "Failed to retrieve node info" err="Get \\"https://172.30.1.2:6443/api/v1/nodes/controlplane\\": ${refused}"`,
      ),
    );
    expect(lines.find((line) => line.includes("server.go:684"))).toContain(
      "Can't determine this node's IP, assuming loopback",
    );
    expect(lines.find((line) => line.includes("*v1.EndpointSlice"))).toBe(
      `E reflector.go:200] "Failed to watch" err="failed to list *v1.EndpointSlice: Get \\"https://172.30.1.2:6443/apis/discovery.k8s.io/v1/endpointslices?labelSelector=%21service.kubernetes.io%2Fheadless%2C%21service.kubernetes.io%2Fservice-proxy-name&limit=500&resourceVersion=0\\": ${refused}" logger="UnhandledError" reflector="k8s.io/client-go/informers/factory.go:160" type="*v1.EndpointSlice"`,
    );
    expect(node.rules()).not.toContain("KUBE-SERVICES");
    node.startApiServer();
    await node.pass(61);
    expect(jumps(node.rules(), WEB_CHAIN)).toHaveLength(2);
  });
});

describe("restore and fork", () => {
  test("a restored and a forked node go on as the first one does", async () => {
    const node = await running(WEB, slice("default/web", ["10.244.0.5"]));
    node.create(service("default/other", { clusterIP: "10.96.5.6" }));
    const others = [node.restored(), node.forked()];
    for (const each of [node, ...others]) {
      await each.pass(2);
      each.create(slice("default/other", ["10.244.0.9"]));
      await each.pass(40);
    }
    expect(node.rules()).toContain("default/other -> 10.244.0.9:80");
    for (const other of others) {
      expect(other.rules()).toBe(node.rules());
      expect(other.rules("filter")).toBe(node.rules("filter"));
      expect(other.kernel.snapshot()).toEqual(node.kernel.snapshot());
    }
  });
});
