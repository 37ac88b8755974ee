import fc from "fast-check";
import { expect, test } from "vitest";
import { saveRules, type Namespace } from "../../../net/index.ts";
import { machine, testNetwork } from "../../../net/testing.ts";
import type { EndpointSlice, Service } from "../../api/index.ts";
import { FULL, proxier, service, slice, tell } from "./testing.ts";

const names = ["a", "b", "c"];
const policy = fc.constantFrom("Cluster", "Local");
const endpoint = fc.record({
  ip: fc.constantFrom("10.244.0.1", "10.244.0.2", "10.244.1.1"),
  node: fc.constantFrom("node01", "node02"),
  ready: fc.boolean(),
  terminating: fc.boolean(),
});
const spec = fc.record({
  type: fc.constantFrom("ClusterIP", "NodePort", "LoadBalancer"),
  internalTrafficPolicy: policy,
  externalTrafficPolicy: policy,
  sessionAffinity: fc.constantFrom("None", "ClientIP"),
  externalIPs: fc.subarray(["192.0.2.7"]),
  loadBalancerSourceRanges: fc.subarray(["203.0.113.0/24", "192.168.0.0/16"]),
  protocol: fc.constantFrom("TCP", "UDP", "SCTP"),
});
/** One of the Services is written, taken away, or gets other endpoints. */
const step = fc.record({
  name: fc.constantFrom(...names),
  spec: fc.option(spec),
  endpoints: fc.array(endpoint, { maxLength: 4 }),
});

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function objects({ name, spec: wish, endpoints }: Step): (Service | EndpointSlice)[] {
  const key = `default/${name}`;
  const at = names.indexOf(name);
  const told: (Service | EndpointSlice)[] = [slice(key, endpoints, [{ port: 80, protocol: wish?.protocol ?? "TCP" }])];
  if (!wish) return told;
  const { protocol, ...rest } = wish;
  const nodePort = rest.type === "ClusterIP" ? {} : { nodePort: 30000 + at };
  const ports = [{ port: 80, targetPort: 80, protocol, ...nodePort }];
  const ingress = rest.type === "LoadBalancer" ? [`198.51.100.${at}`] : [];
  const health =
    rest.type === "LoadBalancer" && rest.externalTrafficPolicy === "Local" ? { healthCheckNodePort: 32000 + at } : {};
  return [service(key, { ...rest, ...health, clusterIP: `10.96.0.${at}`, ports }, ingress), ...told];
}

function node(): Namespace {
  return machine(testNetwork(), "node");
}

test("partial syncs end where one full sync of the last state does", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
      const ns = node();
      const proxy = proxier([]);
      expect(proxy.sync(ns, FULL).problem).toBeUndefined();
      for (const each of steps) {
        const changed = tell(proxy, objects(each));
        expect(proxy.sync(ns, { full: false, changed, cleanup: true }).problem).toBeUndefined();
      }
      const last = new Map(steps.map((each) => [each.name, each]));
      const fresh = node();
      proxier([...last.values()].flatMap(objects)).sync(fresh, FULL);
      expect(saveRules(ns)).toBe(saveRules(fresh));
    }),
    { numRuns: 200 },
  );
});
