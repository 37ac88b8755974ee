import { expect, test } from "vitest";
import type { World } from "../../sim/world/index.ts";
import { freshCluster, typed } from "./testing.ts";

/** SEEDS row S4: LoadBalancer addresses by MetalLB, in the LAN of node01, which the router leads to. */

const PUBLISHED = "https://raw.githubusercontent.com/metallb/metallb/v0.15.2/config/manifests/metallb-native.yaml";
const make = (kind: string, name: string, spec = ""): string =>
  `printf 'apiVersion: metallb.io/v1beta1\\nkind: ${kind}\\nmetadata: {name: ${name}, namespace: metallb-system}\\n${spec}' | kubectl apply -f - 2>&1`;
const POOL = make("IPAddressPool", "first", "spec: {addresses: [172.30.2.240-172.30.2.241]}\\n");
const events = (service: string): string =>
  `kubectl get events --field-selector involvedObject.name=${service},involvedObject.kind=Service -o jsonpath='{range .items[*]}{.type} {.reason} {.message}{"\\n"}{end}'`;

let prepared: Promise<World> | undefined;

async function balanced(): Promise<World> {
  prepared ??= (async () => {
    const world = await freshCluster();
    await typed(world, [
      `kubectl apply -f ${PUBLISHED} >/dev/null; kubectl create deployment web --image=nginx >/dev/null; sleep 30`,
    ]);
    return world;
  })();
  return (await prepared).fork({ seed: 1 });
}

test("S4: an address from the pool, reached from outside once it is advertised", async () => {
  const world = await balanced();
  const [pending, assigned] = await typed(world, [
    `kubectl expose deployment web --port=80 --type=LoadBalancer >/dev/null; sleep 2; kubectl get svc web --no-headers | awk '{print $4}'; ${events("web")}`,
    `${POOL}; sleep 2; kubectl get svc web --no-headers | awk '{print $4}'; kubectl get svc web -o jsonpath='{.metadata.annotations}{.status.loadBalancer}'`,
  ]);
  expect(pending).toBe(
    '<pending>\nWarning AllocationFailed Failed to allocate IP for "default/web": no available IPs\n',
  );
  expect(assigned).toBe(
    'ipaddresspool.metallb.io/first created\n172.30.2.240\n{"metallb.io/ip-allocated-from-pool":"first"}{"ingress":[{"ip":"172.30.2.240","ipMode":"VIP"}]}',
  );
  const fetch = ["curl -s -m 3 172.30.2.240 | grep title; echo ${PIPESTATUS[0]}"];
  expect(await typed(world, fetch, "outside")).toEqual(["28\n"]);
  const [told] = await typed(world, [
    `${make("L2Advertisement", "l2")} >/dev/null; sleep 2; ${events("web")} | tail -1`,
  ]);
  expect(told).toBe('Normal nodeAssigned announcing from node "node01" with protocol "layer2"\n');
  expect(await typed(world, fetch, "outside")).toEqual(["<title>Welcome to nginx!</title>\n0\n"]);
  const [status] = await typed(world, [
    "kubectl get servicel2statuses -n metallb-system | awk '{print $2, $3, $4, $5, $6}'; kubectl get servicel2statuses -n metallb-system -o name | cut -d- -f1; kubectl delete svc web >/dev/null; sleep 2; kubectl get servicel2statuses -n metallb-system",
  ]);
  expect(status).toBe(
    "ALLOCATED NODE SERVICE NAME SERVICE\nnode01 web default  \nservicel2status.metallb.io/l2\nNo resources found in metallb-system namespace.\n",
  );
  const [hidden] = await typed(world, ["ip a | grep -c 172.30.2.240; ip neigh show proxy"], "node01");
  expect(hidden).toBe("0\n");
});

test("S4: pools that are used up, addresses asked for, addresses shared", async () => {
  const service = (name: string, annotations: string): string =>
    `kubectl create service loadbalancer ${name} --tcp=${name === "d" ? 81 : 80} --dry-run=client -o yaml | kubectl annotate -f - --local -o yaml ${annotations} | kubectl apply -f - >/dev/null`;
  const [, , taken, outside, shared, overlap] = await typed(await balanced(), [
    POOL,
    "for s in a b c; do kubectl create service loadbalancer $s --tcp=80 >/dev/null; done; sleep 2",
    `kubectl get svc a b c --no-headers | awk '{print $1, $4}'; ${events("c")}; kubectl delete svc a >/dev/null; sleep 2; kubectl get svc c --no-headers | awk '{print $4}'`,
    `kubectl delete svc b c >/dev/null; ${service("e", "metallb.io/loadBalancerIPs=10.9.9.9")}; sleep 2; ${events("e")}`,
    `${service("c", "metallb.io/allow-shared-ip=x metallb.io/loadBalancerIPs=172.30.2.241")}; ${service("d", "metallb.io/allow-shared-ip=x metallb.io/loadBalancerIPs=172.30.2.241")}; sleep 2; kubectl get svc c d --no-headers | awk '{print $1, $4}'`,
    make("IPAddressPool", "second", "spec: {addresses: [172.30.2.0/24]}\\n").replace(
      "2>&1",
      "2>&1 | sed 's/.*denied/denied/'",
    ),
  ]);
  expect(taken).toBe(
    'a 172.30.2.240\nb 172.30.2.241\nc <pending>\nWarning AllocationFailed Failed to allocate IP for "default/c": no available IPs\n172.30.2.240\n',
  );
  expect(outside).toBe(
    'Warning AllocationFailed Failed to allocate IP for "default/e": ["10.9.9.9"] is not allowed in config\n',
  );
  expect(shared).toBe("c 172.30.2.241\nd 172.30.2.241\n");
  expect(overlap).toBe(
    'denied the request: CIDR "172.30.2.0/24" in pool "second" overlaps with already defined CIDR "172.30.2.240-172.30.2.241"\n',
  );
});
