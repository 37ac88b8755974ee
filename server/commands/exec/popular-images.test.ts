import { beforeAll, expect, test } from "vitest";
import type { World } from "../../sim/world/index.ts";
import { freshCluster, typed } from "./testing.ts";

/** Images that notes and labs name beside the few that everybody uses. */
let world: World;

beforeAll(async () => {
  world = await freshCluster();
}, 60_000);

const said = (...lines: string[]): Promise<string[]> => typed(world, lines);

test("redis serves, also in a release of which only the last patch is kept, and its client asks it by the Service's name", async () => {
  const out = await said(
    "kubectl run r --image=redis:7.0.4-alpine --port 6379 --expose; kubectl wait --for=condition=Ready pod/r",
    "kubectl exec r -- redis-cli set greeting hello",
    "kubectl run -it --rm c --image=redis --restart=Never -- redis-cli -h r get greeting",
  );
  expect(out[1]).toBe("OK\n");
  expect(out[2]).toBe('"hello"\npod "c" deleted\n');
});

test("nginx' relatives answer on their own ports; servers that are not simulated start, names that nobody has are not pulled", async () => {
  const out = await said(
    "for i in nginxinc/nginx-unprivileged nginxdemos/hello:plain-text caddy:2 cady; do n=${i%%:*}; kubectl run ${n//[^a-z]/-} --image=$i; done > /dev/null; sleep 8",
    "curl -sI $(kubectl get pod nginxinc-nginx-unprivileged -o jsonpath={.status.podIP}):8080 | head -1",
    "curl -s $(kubectl get pod nginxdemos-hello -o jsonpath={.status.podIP}) | grep 'Server name'",
    "kubectl get pods --no-headers | awk '/^cad/ {print $1, $3}'; kubectl logs caddy",
  );
  expect(out[1]).toBe("HTTP/1.1 200 OK\r\n");
  expect(out[2]).toBe("Server name: nginxdemos-hello\n");
  expect(out[3]).toMatch(/^caddy Running\ncady \w*Pull\w*\ndrydock: caddy: this program is not simulated/);
});

test("an Ubuntu container installs its tools as a Debian one does", async () => {
  const [out] = await said(
    "kubectl run -it --rm u --image=ubuntu:22.04 --restart=Never -- bash -c 'apt-get update -qq; apt-get install -qq -y curl dnsutils > /dev/null; grep ^VERSION_ID /etc/os-release; dig +short kubernetes.default.svc.cluster.local'",
  );
  expect(out).toContain('VERSION_ID="22.04"\n10.96.0.1\npod "u" deleted\n');
});

test("tcpdump shows what an IPIP tunnel carries, and the tunnel without a link's header", async () => {
  const out = await said(
    "ip netns add b; ip link add va type veth peer name vb netns b; ip addr add 10.9.0.1/24 dev va; ip link set va up; ip -n b addr add 10.9.0.2/24 dev vb; ip -n b link set vb up",
    "ip link add t0 type ipip local 10.9.0.1 remote 10.9.0.2; ip link set t0 up; ip addr add 10.8.0.1/32 dev t0; ip route add 10.8.0.2 dev t0; ip netns exec b sh -c 'ip link add t0 type ipip local 10.9.0.2 remote 10.9.0.1; ip link set t0 up; ip addr add 10.8.0.2/32 dev t0; ip route add 10.8.0.1 dev t0'",
    "timeout 2 tcpdump -ni va proto 4 2>/dev/null & timeout 2 tcpdump -ni t0 icmp 2>&1 | grep -E 'link-type|request' & sleep 0.1; ping -c1 10.8.0.2 > /dev/null; wait",
  );
  expect(out[2]!.replaceAll(/^\d\d:\S+ /gm, "").replaceAll(/id \d+/g, "id N")).toContain(
    "IP 10.9.0.1 > 10.9.0.2: IP 10.8.0.1 > 10.8.0.2: ICMP echo request, id N, seq 1, length 64\n",
  );
  expect(out[2]).toContain("listening on t0, link-type RAW (Raw IP), snapshot length 262144 bytes\n");
  expect(out[2]).toMatch(/^\S+ IP 10\.8\.0\.1 > 10\.8\.0\.2: ICMP echo request/m);
});
