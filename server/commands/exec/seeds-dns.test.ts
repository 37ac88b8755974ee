import { beforeEach, describe, expect, test } from "vitest";
import type { World } from "../../sim/world/index.ts";
import { freshCluster, typed } from "./testing.ts";

/** The rows of the source notes that are about names (SEEDS.md), by their numbers. */
let world: World;

beforeEach(async () => {
  world = await freshCluster();
}, 60_000);

const said = (...lines: string[]): Promise<string[]> => typed(world, lines);

const SETUP = [
  "kubectl create namespace apps; kubectl -n apps create deployment web --image=nginx; kubectl -n apps expose deployment web --port=80; kubectl -n apps rollout status deployment web >/dev/null",
  "kubectl run c --image=busybox:1.28 -- sleep 36000; kubectl run d --image=busybox:1.28 -n apps -- sleep 36000; kubectl wait --for=condition=Ready pod/c >/dev/null; kubectl wait -n apps --for=condition=Ready pod/d >/dev/null",
];

async function after(...lines: string[]): Promise<string[]> {
  return (await said(...SETUP, ...lines)).slice(SETUP.length);
}

const SERVER = "Server:    10.96.0.10\nAddress 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local\n\n";

test("R1 records: long and short names of a Service, of a Pod by its address; short ones in the own namespace only", async () => {
  const found = await after(
    "for n in web.apps web.apps.svc web.apps.svc.cluster.local; do kubectl exec c -- nslookup $n | tail -1; done",
    "kubectl exec c -- nslookup web.apps.svc.cluster; kubectl exec c -- nslookup web",
    "kubectl exec -n apps d -- nslookup web",
    "kubectl exec c -- nslookup $(kubectl get pod -n apps -l app=web -o jsonpath={.items[0].status.podIP} | tr . -).apps.pod.cluster.local | tail -2",
    "kubectl get svc -n apps web -o jsonpath={.spec.clusterIP}; kubectl get pod -n apps -l app=web -o jsonpath=' {.items[0].status.podIP}'",
  );
  const [service, pod] = found[4]!.split(" ");
  expect(found[0]).toBe(`Address 1: ${service!} web.apps.svc.cluster.local\n`.repeat(3));
  expect(found[1]).toContain("nslookup: can't resolve 'web.apps.svc.cluster'\n");
  expect(found[1]).toContain("nslookup: can't resolve 'web'\n");
  expect(found[2]).toBe(`${SERVER}Name:      web\nAddress 1: ${service!} web.apps.svc.cluster.local\n`);
  const dashed = `${pod!.replaceAll(".", "-")}.apps.pod.cluster.local`;
  expect(found[3]).toMatch(new RegExp(`^Name: {6}${dashed}\nAddress 1: ${pod!.replaceAll(".", "\\.")}( .*)?\n$`));
});

describe("R2 CoreDNS", () => {
  test("its Pods, Service and Corefile", async () => {
    const out = await said(
      "kubectl -n kube-system get pods -l k8s-app=kube-dns --no-headers | awk '{print $2, $3}'",
      "kubectl -n kube-system get svc kube-dns --no-headers | awk '{print $3, $5}'",
      "kubectl -n kube-system get cm coredns -o jsonpath={.data.Corefile} | grep -E 'kubernetes|pods|fallthrough|ttl|forward|cache 30'",
    );
    expect(out[0]).toBe("1/1 Running\n1/1 Running\n");
    expect(out[1]).toBe("10.96.0.10 53/UDP,53/TCP,9153/TCP\n");
    expect(out[2]).toBe(
      "    kubernetes cluster.local in-addr.arpa ip6.arpa {\n       pods insecure\n       fallthrough in-addr.arpa ip6.arpa\n       ttl 30\n    forward . /etc/resolv.conf {\n    cache 30 {\n",
    );
  });

  const edit = (expression: string): string =>
    `kubectl -n kube-system get cm coredns -o yaml > cm.yaml; sed -E -i '${expression}' cm.yaml; kubectl -n kube-system replace -f cm.yaml >/dev/null`;

  test("an edited Corefile counts once it is reloaded: hosts, a rewrite, a stub domain, the log", async () => {
    const out = await after(
      edit(
        "s/^( *)ready$/\\1ready\\n\\1log\\n\\1hosts {\\n\\1   10.9.9.9 db.example\\n\\1   fallthrough\\n\\1}\\n\\1rewrite name api.example web.apps.svc.cluster.local/",
      ),
      "kubectl exec c -- nslookup db.example | tail -1",
      "sleep 130; kubectl exec c -- nslookup db.example | tail -1",
      "kubectl exec c -- nslookup api.example | tail -1",
      "kubectl -n kube-system logs -l k8s-app=kube-dns --tail=-1 | grep -c 'plugin/reload: Running configuration SHA512'; kubectl -n kube-system logs -l k8s-app=kube-dns --tail=-1 | grep -m1 'A IN db.example. ' | sed -E 's/:[0-9]+ - [0-9]+/:PORT - ID/; s/[0-9.]+s$/TIME/'",
      "kubectl get svc -n apps web -o jsonpath={.spec.clusterIP}",
    );
    expect(out[1]).not.toContain("10.9.9.9");
    expect(out[2]).toBe("Address 1: 10.9.9.9 db.example\n");
    expect(out[3]).toContain(`Address 1: ${out[5]!}`);
    expect(out[4]).toMatch(
      /^4\n\[INFO\] 10\.244\.1\.\d+:PORT - ID "A IN db\.example\. udp 28 false 512" NOERROR qr,aa,rd 54 TIME\n$/,
    );
  });

  test("a broken Corefile: what runs serves on and says so, what starts crashes", async () => {
    const out = await after(
      edit("s/forward . /forwrd . /"),
      "sleep 130; kubectl exec c -- nslookup web.apps | tail -1 | cut -d' ' -f1-2; kubectl -n kube-system logs -l k8s-app=kube-dns --tail=2 | head -2",
      "kubectl -n kube-system delete pods -l k8s-app=kube-dns >/dev/null; sleep 15; kubectl -n kube-system get pods -l k8s-app=kube-dns --no-headers | awk '{print $2, $3}'",
      "kubectl -n kube-system logs -l k8s-app=kube-dns --tail=-1 | sort -u",
      "kubectl exec c -- nslookup web.apps",
    );
    const why = "/etc/coredns/Corefile:13 - Error during parsing: Unknown directive 'forwrd'";
    expect(out[1]).toBe(
      `Address 1:\n[ERROR] Restart failed: ${why}\n[ERROR] plugin/reload: Corefile changed but reload failed: starting with listener file descriptors: ${why}\n`,
    );
    expect(out[2]).toMatch(/^(0\/1 (Error|CrashLoopBackOff)\n){2}$/);
    expect(out[3]).toBe(`${why}\nmaxprocs: Leaving GOMAXPROCS=2: CPU quota undefined\n`);
    expect(out[4]).toBe(
      "Server:    10.96.0.10\nAddress 1: 10.96.0.10\n\nnslookup: can't resolve 'web.apps'\ncommand terminated with exit code 1\n",
    );
  });

  test("a loop: the node's resolver points back, and the plugin stops it", async () => {
    const out = await said(
      edit("s/forward [.] .*[{]/forward . 127.0.0.1 {/"),
      "kubectl -n kube-system rollout restart deploy coredns >/dev/null; sleep 20; kubectl -n kube-system logs $(kubectl -n kube-system get pods -l k8s-app=kube-dns --sort-by=.metadata.creationTimestamp -o name | tail -1) -p | tail -1",
    );
    expect(out[1]).toMatch(
      /^\[FATAL\] plugin\/loop: Loop \(127\.0\.0\.1:\d+ -> :53\) detected for zone "\.", see https:\/\/coredns\.io\/plugins\/loop#troubleshooting\. Query: "HINFO \d+\.\d+\."\n$/,
    );
  });
});

describe("R3 the client's side", () => {
  test("resolv.conf, dnsPolicy, dnsConfig and hostAliases", async () => {
    const pod = (name: string, spec: string): string =>
      `kubectl run ${name} --image=busybox:1.36 --overrides='{"spec":${spec}}' -- sleep 36000 >/dev/null; kubectl wait --for=condition=Ready pod/${name} >/dev/null; kubectl exec ${name} -- cat /etc/resolv.conf`;
    const out = await said(
      pod("first", "{}"),
      pod("default", '{"dnsPolicy":"Default"}'),
      pod("none", '{"dnsPolicy":"None","dnsConfig":{"nameservers":["9.9.9.9"],"searches":["a.example"],"options":[{"name":"ndots","value":"2"}]}}'), // prettier-ignore
      pod("aliases", '{"hostAliases":[{"ip":"10.1.2.3","hostnames":["foo.local","bar.local"]}]}'),
      "kubectl exec aliases -- tail -2 /etc/hosts",
    );
    expect(out[0]).toBe(
      "search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n",
    );
    expect(out[1]).toBe("nameserver 1.1.1.1\nnameserver 8.8.8.8\n");
    expect(out[2]).toBe("search a.example\nnameserver 9.9.9.9\noptions ndots:2\n");
    expect(out[4]).toBe("# Entries added by HostAliases.\n10.1.2.3\tfoo.local\tbar.local\n");
  });

  test("dig, nslookup and host after apt-get in a Debian container", async () => {
    const out = await after(
      "kubectl run deb --image=debian:12 -- sleep 36000; kubectl wait --for=condition=Ready pod/deb >/dev/null; kubectl exec deb -- dig x; kubectl exec deb -- apt-get install -y curl",
      "kubectl exec deb -- apt-get update",
      "kubectl exec deb -- apt-get install -y curl dnsutils > out.txt 2>&1; head -5 out.txt; grep -c ^Get: out.txt; grep -A2 'unpack .*-curl_' out.txt; grep 'Setting up dnsutils' out.txt",
      "kubectl exec deb -- dig +short web.apps.svc.cluster.local; kubectl exec deb -- dig +search +noall +answer web.apps",
      "kubectl exec deb -- host web.apps; kubectl exec deb -- nslookup web.apps | grep -A1 Name; kubectl exec deb -- curl -s web.apps | grep title",
      "kubectl exec deb -- apt-get install -y curl",
      "kubectl exec deb -- sh -c 'echo nameserver 10.99.99.99 > /etc/resolv.conf; apt-get update'",
      "kubectl get svc -n apps web -o jsonpath={.spec.clusterIP}",
    );
    const ip = out[7]!;
    expect(out[0]).toContain('exec: "dig": executable file not found in $PATH');
    expect(out[0]).toContain("E: Unable to locate package curl\ncommand terminated with exit code 100\n");
    expect(out[1]).toMatch(
      /^Get:1 http:\/\/deb\.debian\.org\/debian bookworm InRelease \[\d+ B\]\nGet:2 http:\/\/deb\.debian\.org\/debian bookworm-updates InRelease \[\d+ B\]\nGet:3 http:\/\/deb\.debian\.org\/debian-security bookworm-security InRelease \[\d+ B\]\nGet:4 http:\/\/deb\.debian\.org\/debian bookworm\/main amd64 Packages \[[\d.]+ kB\]\nGet:5 .*\nFetched [\d.]+ kB in 0s \(\d+ kB\/s\)\nReading package lists\.\.\.\n$/,
    );
    expect(out[2]).toBe(
      "Reading package lists...\nBuilding dependency tree...\nReading state information...\nThe following additional packages will be installed:\n  bind9-dnsutils bind9-host bind9-libs ca-certificates krb5-locales libbrotli1\n37\nPreparing to unpack .../15-curl_7.88.1-10+deb12u15_amd64.deb ...\nUnpacking curl (7.88.1-10+deb12u15) ...\nSelecting previously unselected package libuv1:amd64.\nSetting up dnsutils (1:9.18.49-1~deb12u3) ...\n",
    );
    expect(out[3]).toBe(`${ip}\nweb.apps.svc.cluster.local. 30\tIN\tA\t${ip}\n`);
    expect(out[4]).toBe(
      `web.apps.svc.cluster.local has address ${ip}\nName:\tweb.apps.svc.cluster.local\nAddress: ${ip}\n<title>Welcome to nginx!</title>\n`,
    );
    expect(out[5]).toBe(
      "Reading package lists...\nBuilding dependency tree...\nReading state information...\ncurl is already the newest version (7.88.1-10+deb12u15).\n0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n",
    );
    const failed = "Temporary failure resolving 'deb.debian.org'";
    expect(out[6]).toContain(`Ign:1 http://deb.debian.org/debian bookworm InRelease\n`);
    expect(out[6]).toContain(`Err:1 http://deb.debian.org/debian bookworm InRelease\n  ${failed}\n`);
    expect(out[6]).toContain(`W: Failed to fetch http://deb.debian.org/debian/dists/bookworm/InRelease  ${failed}\n`);
    expect(out[6]).toContain(
      "W: Some index files failed to download. They have been ignored, or old ones used instead.\n",
    );
  });
});
