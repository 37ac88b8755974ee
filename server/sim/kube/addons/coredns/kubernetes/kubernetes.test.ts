import { beforeAll, describe, expect, test } from "vitest";
import type { DnsMessage, RecordType } from "../../../../net/index.ts";
import { namespaces, pods, serviceAccounts, services } from "../../../kinds/index.ts";
import { DnsWorld } from "../testing.ts";

const SERIAL = 1_795_255_201;
const soa = (zone = "cluster.local.", ttl = 30, serial = SERIAL): string =>
  `authority ${zone} ${ttl} SOA ns.dns.${zone} hostmaster.${zone} ${serial} 7200 1800 86400 ${ttl}`;
const NXDOMAIN = ["NXDOMAIN qr aa rd", soa()];
const NODATA = ["NOERROR qr aa rd", soa()];
const found = (...records: string[]): string[] => ["NOERROR qr aa rd", ...records];

const corefile = (options: string, zones = "cluster.local"): string =>
  `.:53 {\n kubernetes ${zones} {\n${options}\n }\n}\n`;

/** The objects of plugin/kubernetes' own tests, as far as they matter to clusters of kubeadm. */
function populate(world: DnsWorld): void {
  world.client.create(namespaces, { metadata: { name: "testns", labels: { env: "prod" } } });
  const named = (name: string, port: number, protocol = "TCP") => ({ name, port, protocol });
  world.service("svc1", { clusterIP: "10.96.1.1", ports: [named("http", 80)] as never }, "testns");
  world.service("svcempty", { clusterIP: "10.96.1.2", ports: [named("http", 80)] as never }, "testns");
  const dns = [named("dns", 53, "UDP"), named("dns-tcp", 53), named("metrics", 9153)];
  world.service("kube-dns", { clusterIP: "10.96.0.10", ports: dns as never }, "kube-system");
  world.slice(
    "kube-dns",
    [{ addresses: ["10.0.0.2"], conditions: { ready: true } }],
    [named("dns", 53, "UDP")],
    "kube-system",
  );
  world.service("hdls1", { clusterIP: "None", ports: [named("http", 80)] as never }, "testns");
  world.service("hdlsempty", { clusterIP: "None", ports: [named("http", 80)] as never }, "testns");
  const endpoint = (address: string, more: object = {}) => ({
    addresses: [address],
    conditions: { ready: true },
    ...more,
  });
  const pod = (name: string) => ({ targetRef: { kind: "Pod", name, namespace: "testns" } });
  world.slice("svc1", [endpoint("172.0.0.1", { hostname: "ep1a", ...pod("pod1") })], [named("http", 80)], "testns");
  world.slice(
    "hdls1",
    [
      endpoint("172.0.0.2", pod("web-x1")),
      endpoint("172.0.0.3", { hostname: "web-0", ...pod("web-0") }),
      { addresses: ["172.0.0.4"], conditions: { ready: false }, hostname: "web-1" },
    ],
    [named("http", 80)],
    "testns",
  );
  world.slice("hdlsempty", [{ addresses: ["172.0.0.9"], conditions: { ready: false } }], [named("http", 80)], "testns");
  world.service(
    "external",
    { type: "ExternalName", externalName: "ext.interwebs.test", ports: undefined as never },
    "testns",
  );
  world.service(
    "alias",
    { type: "ExternalName", externalName: "svc1.testns.svc.cluster.local", ports: undefined as never },
    "testns",
  );
}

async function worldWith(text: string): Promise<DnsWorld> {
  const world = new DnsWorld();
  world.upstream = {
    "ext.interwebs.test. A": { answers: [{ name: "ext.interwebs.test.", ttl: 60, type: "A", address: "1.2.3.4" }] },
  };
  await world.start(text);
  populate(world);
  await world.pass(1);
  return world;
}

const KUBEADM_LIKE = `.:53 {
  kubernetes cluster.local in-addr.arpa ip6.arpa {
    pods insecure
    fallthrough in-addr.arpa ip6.arpa
    ttl 30
  }
  forward . 10.0.0.53
}
`;

describe("names of Services, as whole answers", () => {
  let world: DnsWorld;
  beforeAll(async () => {
    world = await worldWith(KUBEADM_LIKE);
  });

  test.each<[string, RecordType, readonly string[]]>([
    ["svc1.testns.svc.cluster.local", "A", found("answer svc1.testns.svc.cluster.local. 30 A 10.96.1.1")],
    ["SVC1.TestNS.svc.cluster.local", "A", found("answer SVC1.TestNS.svc.cluster.local. 30 A 10.96.1.1")],
    ["svc1.testns.svc.Cluster.Local", "AAAA", ["NOERROR qr aa rd", soa("Cluster.Local.")]],
    ["svcempty.testns.svc.cluster.local", "A", found("answer svcempty.testns.svc.cluster.local. 30 A 10.96.1.2")],
    [
      "svc1.testns.svc.cluster.local",
      "SRV",
      found(
        "answer svc1.testns.svc.cluster.local. 30 SRV 0 100 80 svc1.testns.svc.cluster.local.",
        "additional svc1.testns.svc.cluster.local. 30 A 10.96.1.1",
      ),
    ],
    [
      "_http._tcp.svc1.testns.svc.cluster.local",
      "SRV",
      found(
        "answer _http._tcp.svc1.testns.svc.cluster.local. 30 SRV 0 100 80 svc1.testns.svc.cluster.local.",
        "additional svc1.testns.svc.cluster.local. 30 A 10.96.1.1",
      ),
    ],
    ["_https._tcp.svc1.testns.svc.cluster.local", "SRV", NXDOMAIN],
    [
      "kube-dns.kube-system.svc.cluster.local",
      "SRV",
      found(
        "answer kube-dns.kube-system.svc.cluster.local. 30 SRV 0 33 53 kube-dns.kube-system.svc.cluster.local.",
        "answer kube-dns.kube-system.svc.cluster.local. 30 SRV 0 33 9153 kube-dns.kube-system.svc.cluster.local.",
        "additional kube-dns.kube-system.svc.cluster.local. 30 A 10.96.0.10",
      ),
    ],
    ["ep1a.svc1.testns.svc.cluster.local", "A", found("answer ep1a.svc1.testns.svc.cluster.local. 30 A 172.0.0.1")],
    [
      "hdls1.testns.svc.cluster.local",
      "A",
      found(
        "answer hdls1.testns.svc.cluster.local. 30 A 172.0.0.2",
        "answer hdls1.testns.svc.cluster.local. 30 A 172.0.0.3",
      ),
    ],
    [
      "_http._tcp.hdls1.testns.svc.cluster.local",
      "SRV",
      found(
        "answer _http._tcp.hdls1.testns.svc.cluster.local. 30 SRV 0 50 80 172-0-0-2.hdls1.testns.svc.cluster.local.",
        "answer _http._tcp.hdls1.testns.svc.cluster.local. 30 SRV 0 50 80 web-0.hdls1.testns.svc.cluster.local.",
        "additional 172-0-0-2.hdls1.testns.svc.cluster.local. 30 A 172.0.0.2",
        "additional web-0.hdls1.testns.svc.cluster.local. 30 A 172.0.0.3",
      ),
    ],
    [
      "172-0-0-2.hdls1.testns.svc.cluster.local",
      "A",
      found("answer 172-0-0-2.hdls1.testns.svc.cluster.local. 30 A 172.0.0.2"),
    ],
    ["web-0.hdls1.testns.svc.cluster.local", "A", found("answer web-0.hdls1.testns.svc.cluster.local. 30 A 172.0.0.3")],
    ["web-1.hdls1.testns.svc.cluster.local", "A", NXDOMAIN],
    ["hdlsempty.testns.svc.cluster.local", "A", NXDOMAIN],
    [
      "external.testns.svc.cluster.local",
      "A",
      found(
        "answer external.testns.svc.cluster.local. 30 CNAME ext.interwebs.test.",
        "answer ext.interwebs.test. 60 A 1.2.3.4",
      ),
    ],
    [
      "external.testns.svc.cluster.local",
      "CNAME",
      found("answer external.testns.svc.cluster.local. 30 CNAME ext.interwebs.test."),
    ],
    ["external.testns.svc.cluster.local", "SRV", NODATA],
    ["x.external.testns.svc.cluster.local", "A", NXDOMAIN],
    [
      "alias.testns.svc.cluster.local",
      "A",
      found(
        "answer alias.testns.svc.cluster.local. 30 CNAME svc1.testns.svc.cluster.local.",
        "answer svc1.testns.svc.cluster.local. 30 A 10.96.1.1",
      ),
    ],
    ["cluster.local", "A", NODATA],
    ["svc.cluster.local", "A", NODATA],
    ["pod.cluster.local", "A", NODATA],
    ["testns.svc.cluster.local", "A", NODATA],
    ["nons.svc.cluster.local", "A", NXDOMAIN],
    ["nosvc.testns.svc.cluster.local", "A", NXDOMAIN],
    ["nosvc.testns.svc.cluster.local", "MX", NXDOMAIN],
    ["svc1.testns.svc.cluster.local", "MX", NODATA],
    ["svc1.testns.svc.cluster.local", "SOA", NODATA],
    ["svc1.testns.svc.cluster.local", "TYPE65", NODATA],
    ["a.b.c.svc1.testns.svc.cluster.local", "A", NXDOMAIN],
    ["svc1.testns.cluster.local", "A", NXDOMAIN],
    ["*.testns.svc.cluster.local", "A", NXDOMAIN],
    ["cluster.local", "SOA", ["NOERROR qr aa rd", soa().replace("authority", "answer")]],
    [
      "cluster.local",
      "NS",
      found(
        "answer cluster.local. 30 NS kube-dns.kube-system.svc.cluster.local.",
        "additional kube-dns.kube-system.svc.cluster.local. 30 A 10.96.0.10",
      ),
    ],
    ["ns.dns.cluster.local", "A", found("answer ns.dns.cluster.local. 30 A 10.96.0.10")],
    ["dns-version.cluster.local", "TXT", found("answer dns-version.cluster.local. 28800 TXT 1.1.0")],
    ["cluster.local", "TYPE252", ["REFUSED qr rd"]],
    ["1.1.96.10.in-addr.arpa", "PTR", found("answer 1.1.96.10.in-addr.arpa. 30 PTR svc1.testns.svc.cluster.local.")],
    [
      "3.0.0.172.in-addr.arpa",
      "PTR",
      found("answer 3.0.0.172.in-addr.arpa. 30 PTR web-0.hdls1.testns.svc.cluster.local."),
    ],
    // No hostname, no reverse name: the upstream server is asked.
    ["2.0.0.172.in-addr.arpa", "PTR", ["NXDOMAIN qr rd ra"]],
    ["172-0-0-2.testns.pod.cluster.local", "A", found("answer 172-0-0-2.testns.pod.cluster.local. 30 A 172.0.0.2")],
    ["9-9-9-9.testns.pod.cluster.local", "A", found("answer 9-9-9-9.testns.pod.cluster.local. 30 A 9.9.9.9")],
    ["9-9-9-9.nons.pod.cluster.local", "A", NXDOMAIN],
    ["web-0.testns.pod.cluster.local", "A", NXDOMAIN],
  ])("%s %s", (name, type, expected) => {
    expect(world.dig(name, type)).toEqual(expected);
  });
});

describe("options", () => {
  const nothing = (ttl = 5): string[] => ["NXDOMAIN qr aa rd", soa("cluster.local.", ttl)];

  test("pods are unknown unless asked for, verified ones must be there", async () => {
    const name = "172-0-0-9.testns.pod.cluster.local";
    expect((await worldWith(corefile(""))).dig(name)).toEqual(nothing());
    const world = await worldWith(corefile("pods verified"));
    expect(world.dig(name)).toEqual(nothing());
    world.client.create(serviceAccounts, { metadata: { name: "default", namespace: "default" } });
    world.client.create(pods, {
      metadata: { name: "p", namespace: "default" },
      spec: { containers: [{ name: "c", image: "i" }] },
    });
    world.client.patch(pods, { namespace: "default", name: "p", subresource: "status" }, "merge-patch+json", {
      status: { podIP: "172.0.0.9", podIPs: [{ ip: "172.0.0.9" }] },
    });
    await world.pass(1);
    expect(world.dig("172-0-0-9.default.pod.cluster.local")).toEqual(
      found("answer 172-0-0-9.default.pod.cluster.local. 5 A 172.0.0.9"),
    );
    expect(world.dig(name)).toEqual(nothing());
  });

  test("endpoint_pod_names names endpoints after their Pods", async () => {
    const world = await worldWith(corefile("endpoint_pod_names"));
    expect(world.dig("web-x1.hdls1.testns.svc.cluster.local")[1]).toBe(
      "answer web-x1.hdls1.testns.svc.cluster.local. 5 A 172.0.0.2",
    );
    expect(world.dig("172-0-0-2.hdls1.testns.svc.cluster.local")).toEqual(nothing());
  });

  test("namespaces, namespace_labels and labels choose", async () => {
    const some = await worldWith(corefile("namespaces kube-system"));
    expect(some.dig("svc1.testns.svc.cluster.local")).toEqual(nothing());
    expect(some.dig("kube-dns.kube-system.svc.cluster.local")[0]).toBe("NOERROR qr aa rd");
    const labelled = await worldWith(corefile("namespace_labels env=prod"));
    expect(labelled.dig("kube-dns.kube-system.svc.cluster.local")).toEqual(nothing());
    expect(labelled.dig("svc1.testns.svc.cluster.local")[0]).toBe("NOERROR qr aa rd");
    const chosen = await worldWith(corefile("labels app in (a, b)"));
    expect(chosen.dig("svc1.testns.svc.cluster.local")).toEqual(nothing());
  });

  test("ignore empty_service, noendpoints", async () => {
    const world = await worldWith(corefile("ignore empty_service"));
    expect(world.dig("svcempty.testns.svc.cluster.local")).toEqual(nothing());
    expect(world.dig("svc1.testns.svc.cluster.local")[0]).toBe("NOERROR qr aa rd");
    const none = await worldWith(corefile("noendpoints"));
    expect(none.dig("hdls1.testns.svc.cluster.local")).toEqual(nothing());
  });

  test("without fallthrough nobody else is asked; a fallthrough without zones is for all", async () => {
    const world = await worldWith(`. {\n kubernetes cluster.local in-addr.arpa\n forward . 10.0.0.53\n}\n`);
    expect(world.dig("9.9.9.9.in-addr.arpa", "PTR")).toEqual(["NXDOMAIN qr aa rd", soa("in-addr.arpa.", 5)]);
    const all = await worldWith(`. {\n kubernetes cluster.local {\n  fallthrough\n }\n forward . 10.0.0.53\n}\n`);
    expect(all.dig("nosvc.testns.svc.cluster.local")).toEqual(["NXDOMAIN qr rd ra"]);
  });
});

describe("transport", () => {
  test("an answer that is too long for a datagram is cut, and whole over TCP or with EDNS", async () => {
    const world = await worldWith(KUBEADM_LIKE);
    world.service("many", { clusterIP: "None" });
    const endpoints = Array.from({ length: 40 }, (_, index) => ({
      addresses: [`10.244.7.${index + 1}`],
      conditions: { ready: true },
    }));
    world.slice("many", endpoints);
    await world.pass(1);
    const name = "many.default.svc.cluster.local";
    const cut = world.ask(name) as DnsMessage;
    expect([cut.truncated, cut.answers.length < 40]).toEqual([true, true]);
    const edns = { udpSize: 4096, dnssecOk: false, options: [] };
    expect(world.ask(name, "A", { edns })).toMatchObject({ truncated: false, answers: { length: 40 } });
    expect(world.askTcp(name)).toMatchObject({ truncated: false, authoritative: true, answers: { length: 40 } });
  });
});

describe("watching the API server", () => {
  test("writes are seen a moment later, and change the serial", async () => {
    const world = await worldWith(KUBEADM_LIKE);
    world.service("late", { clusterIP: "10.96.2.2" });
    expect(world.dig("late.default.svc.cluster.local")).toEqual(NXDOMAIN);
    await world.pass(1);
    expect(world.dig("late.default.svc.cluster.local")[1]).toBe(
      "answer late.default.svc.cluster.local. 30 A 10.96.2.2",
    );
    world.client.delete(services, "default", "late");
    expect(world.dig("late.default.svc.cluster.local")[1]).toBe(
      "answer late.default.svc.cluster.local. 30 A 10.96.2.2",
    );
    await world.pass(1);
    expect(world.dig("late.default.svc.cluster.local")).toEqual([
      "NXDOMAIN qr aa rd",
      soa("cluster.local.", 30, SERIAL + 2),
    ]);
  });

  test("what was known last is served while the server cannot be reached", async () => {
    const world = await worldWith(KUBEADM_LIKE);
    world.cut("api");
    world.service("late", { clusterIP: "10.96.2.2" });
    world.client.delete(services, "testns", "svc1");
    await world.pass(5);
    expect(world.dig("late.default.svc.cluster.local")).toEqual(NXDOMAIN);
    expect(world.dig("svc1.testns.svc.cluster.local")[1]).toBe("answer svc1.testns.svc.cluster.local. 30 A 10.96.1.1");
    expect(world.dig("1.1.96.10.in-addr.arpa", "PTR")[0]).toBe("NOERROR qr aa rd");
    const copy = world.restored();
    expect(copy.dig("late.default.svc.cluster.local")).toEqual(NXDOMAIN);
    world.mend("api");
    await world.pass(5);
    expect(world.dig("late.default.svc.cluster.local")[0]).toBe("NOERROR qr aa rd");
    expect(world.dig("svc1.testns.svc.cluster.local")[0]).toBe("NXDOMAIN qr aa rd");
    expect(world.kernel.events()).toEqual([]);
  });

  test("a start without the server waits five seconds, then serves failures until it comes", async () => {
    const world = new DnsWorld();
    world.closeApi();
    await world.start(KUBEADM_LIKE.replace("forward", "ready\n errors\n forward"), { seconds: 6 });
    const waiting = "[INFO] plugin/kubernetes: waiting for Kubernetes API before starting server";
    const failing = (type: string, path: string): string[] => [
      `[INFO] plugin/kubernetes: pkg/mod/k8s.io/client-go@v0.31.2/tools/cache/reflector.go:243: failed to list ${type}: Get "https://10.0.0.1:6443/${path}?limit=500&resourceVersion=0": dial tcp 10.0.0.1:6443: connect: connection refused`,
      "[ERROR] plugin/kubernetes: Unhandled Error",
    ];
    const failures = [
      ...failing("*v1.EndpointSlice", "apis/discovery.k8s.io/v1/endpointslices"),
      ...failing("*v1.Service", "api/v1/services"),
      ...failing("*v1.Namespace", "api/v1/namespaces"),
    ];
    expect(world.logs().slice(1)).toEqual([
      ...failures,
      waiting,
      waiting,
      ...failures,
      waiting,
      waiting,
      waiting,
      waiting,
      waiting,
      ...failures,
      waiting,
      waiting,
      "[WARNING] plugin/kubernetes: starting server with unsynced Kubernetes API",
      ".:53",
      "CoreDNS-1.12.0",
      "linux/amd64, go1.23.3, 51e11f1",
    ]);
    expect(world.get("/ready", 8181)).toBe("503 kubernetes");
    expect(world.logs()).toEqual(['[INFO] plugin/ready: Still waiting on: "kubernetes"']);
    expect(world.dig("svc1.testns.svc.cluster.local")).toEqual(["SERVFAIL qr aa rd", soa("cluster.local.", 30, 0)]);
    world.openApi();
    await world.pass(2);
    expect(world.dig("default.svc.cluster.local")[0]).toBe("NOERROR qr aa rd");
    expect(world.get("/ready", 8181)).toBe("200 OK");
  });

  test("what the server refuses is told, and not served", async () => {
    const world = new DnsWorld();
    world.cluster.guard = {
      ...world.cluster.guard,
      authorize: ({ resource }) => ({ allowed: resource !== "services" }),
    };
    await world.start(KUBEADM_LIKE);
    expect(world.logs()[1]).toBe(
      '[INFO] plugin/kubernetes: pkg/mod/k8s.io/client-go@v0.31.2/tools/cache/reflector.go:243: failed to list *v1.Service: services is forbidden: User "system:serviceaccount:kube-system:coredns" cannot list resource "services" in API group "" at the cluster scope',
    );
  });

  test("credentials that the server does not know", async () => {
    const world = new DnsWorld();
    world.write("dns", "/var/run/secrets/kubernetes.io/serviceaccount/token", "wrong");
    await world.start(KUBEADM_LIKE, { seconds: 0.3 });
    expect(world.logs()[1]).toBe(
      "[INFO] plugin/kubernetes: pkg/mod/k8s.io/client-go@v0.31.2/tools/cache/reflector.go:243: failed to list *v1.EndpointSlice: Unauthorized",
    );
  });
});
