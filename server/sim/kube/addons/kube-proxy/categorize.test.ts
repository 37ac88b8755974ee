import { expect, test } from "vitest";
import type { Service } from "../../api/index.ts";
import { categorize } from "./categorize.ts";
import { endpointsByPort } from "./endpoints.ts";
import { portKey, servicePorts } from "./service-port.ts";
import { service, slice, type TestEndpoint } from "./testing.ts";

function categories(endpoints: readonly TestEndpoint[], spec: Partial<Service["spec"]> = {}, zone?: string) {
  const [port] = servicePorts(service("default/web", { clusterIP: "10.96.0.9", ...spec }));
  const found = endpointsByPort("default/web", [slice("default/web", endpoints)], "node01");
  const { cluster, local, reachable, any } = categorize(found.get(portKey("default/web", "tcp")) ?? [], port!, zone);
  const ips = (list: typeof cluster) => list.map(({ ip }) => ip).sort();
  return { cluster: ips(cluster), local: ips(local), reachable: ips(reachable), any };
}

const here: TestEndpoint = { ip: "10.0.0.1", node: "node01" };
const there: TestEndpoint = { ip: "10.0.0.2", node: "node02" };
const going = { ready: false, serving: true, terminating: true };
const LOCAL = {
  type: "NodePort",
  externalTrafficPolicy: "Local",
  ports: [{ port: 80, targetPort: 80, nodePort: 30000 }],
};

const cases: [string, readonly TestEndpoint[], Partial<Service["spec"]>, ReturnType<typeof categories>][] = [
  ["ready ones", [here, there, { ip: "10.0.0.3", ready: false }], {}, { cluster: ["10.0.0.1", "10.0.0.2"], local: [], reachable: ["10.0.0.1", "10.0.0.2"], any: true }],
  ["none at all", [], {}, { cluster: [], local: [], reachable: [], any: false }],
  ["none ready, one that goes and serves", [{ ...here, ...going }, { ...there, ready: false }], {}, { cluster: ["10.0.0.1"], local: [], reachable: ["10.0.0.1"], any: true }],
  ["one that goes beside a ready one", [{ ...here, ...going }, there], {}, { cluster: ["10.0.0.2"], local: [], reachable: ["10.0.0.2"], any: true }],
  ["internal policy Local", [here, there], { internalTrafficPolicy: "Local" }, { cluster: [], local: ["10.0.0.1"], reachable: ["10.0.0.1"], any: true }],
  ["internal policy Local, none here", [there], { internalTrafficPolicy: "Local" }, { cluster: [], local: [], reachable: [], any: true }],
  ["external policy Local", [here, there], LOCAL, { cluster: ["10.0.0.1", "10.0.0.2"], local: ["10.0.0.1"], reachable: ["10.0.0.1", "10.0.0.2"], any: true }],
  ["external policy Local, here only one that goes", [{ ...here, ...going }, there], LOCAL, { cluster: ["10.0.0.2"], local: ["10.0.0.1"], reachable: ["10.0.0.1", "10.0.0.2"], any: true }],
]; // prettier-ignore

test.each(cases)("%s", (_, endpoints, spec, expected) => {
  expect(categories(endpoints, spec)).toEqual(expected);
});

test("hints count if all ready endpoints have some and one is for the node's zone", () => {
  const [a, b] = [
    { ...here, zones: ["a"] },
    { ...there, zones: ["b"] },
  ];
  expect(categories([a, b], {}, "a").cluster).toEqual(["10.0.0.1"]);
  expect(categories([a, b], {}, "c").cluster).toEqual(["10.0.0.1", "10.0.0.2"]);
  expect(categories([a, b], {}, undefined).cluster).toEqual(["10.0.0.1", "10.0.0.2"]);
  expect(categories([a, there], {}, "a").cluster).toEqual(["10.0.0.1", "10.0.0.2"]);
  expect(categories([a, b], LOCAL, "b")).toMatchObject({
    cluster: ["10.0.0.2"],
    local: ["10.0.0.1"],
    reachable: ["10.0.0.1", "10.0.0.2"],
  });
});

test("a new Pod with the address of one that goes is preferred", () => {
  const both = [{ ip: "10.0.0.1", ...going }, { ip: "10.0.0.1" }, { ip: "10.0.0.1", ...going }];
  const [endpoint] = endpointsByPort("default/web", [slice("default/web", both)], "").get("default/web/tcp")!;
  expect(endpoint).toMatchObject({ ready: true, terminating: false });
});

test("headless, ExternalName and others' Services have no ports", () => {
  const none = [
    service("default/a", { clusterIP: "None" }),
    service("default/b", { type: "ExternalName", externalName: "example.com" }),
    service("default/c", { clusterIP: "10.96.0.3" }, [], { "service.kubernetes.io/service-proxy-name": "other" }),
    service("default/d", { clusterIP: "10.96.0.3" }, [], { "service.kubernetes.io/headless": "" }),
  ];
  expect(none.flatMap(servicePorts)).toEqual([]);
});
