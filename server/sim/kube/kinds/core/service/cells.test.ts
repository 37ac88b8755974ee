import { expect, test } from "vitest";
import { fromCalendar } from "../../../../kernel/index.ts";
import type { Service } from "../../../api/index.ts";
import { services } from "./service.ts";

const NOW = fromCalendar(2026, 11, 21, 10);

function cells(spec: object, loadBalancer: object = {}): unknown[] {
  const service = {
    metadata: { name: "web", creationTimestamp: "2026-11-21T09:00:00Z" },
    spec: { clusterIPs: ["10.96.7.9"], ports: [{ port: 80, protocol: "TCP" }], ...spec },
    status: { loadBalancer },
  } as unknown as Service;
  return [...services.cells(service, NOW)];
}

test.each<[string, object, object, unknown[]]>([
  ["cluster IP", { type: "ClusterIP" }, {}, ["web", "ClusterIP", "10.96.7.9", "<none>", "80/TCP", "60m", "<none>"]],
  [
    "external IPs",
    { type: "ClusterIP", externalIPs: ["1.2.3.4", "1.2.3.5"] },
    {},
    ["web", "ClusterIP", "10.96.7.9", "1.2.3.4,1.2.3.5", "80/TCP", "60m", "<none>"],
  ],
  [
    "node ports",
    {
      type: "NodePort",
      selector: { b: "2", a: "1" },
      ports: [
        { port: 80, nodePort: 30080, protocol: "TCP" },
        { port: 53, nodePort: 30053, protocol: "UDP" },
      ],
    },
    {},
    ["web", "NodePort", "10.96.7.9", "<none>", "80:30080/TCP,53:30053/UDP", "60m", "a=1,b=2"],
  ],
  [
    "headless",
    { type: "ClusterIP", clusterIPs: ["None"], ports: [] },
    {},
    ["web", "ClusterIP", "None", "<none>", "<none>", "60m", "<none>"],
  ],
  [
    "a load balancer that nobody serves",
    { type: "LoadBalancer", ports: [{ port: 80, nodePort: 31000, protocol: "TCP" }] },
    {},
    ["web", "LoadBalancer", "10.96.7.9", "<pending>", "80:31000/TCP", "60m", "<none>"],
  ],
  [
    "a load balancer",
    { type: "LoadBalancer", externalIPs: ["9.9.9.9"] },
    { ingress: [{ ip: "5.5.5.5" }, { hostname: "a-very-long-name.elb.example.com" }, { ip: "5.5.5.5" }] },
    ["web", "LoadBalancer", "10.96.7.9", "5.5.5.5,a-very-long-name.elb.example.com,9.9.9.9", "80/TCP", "60m", "<none>"],
  ],
  [
    "a name elsewhere",
    { type: "ExternalName", externalName: "example.com", clusterIPs: undefined, ports: undefined },
    {},
    ["web", "ExternalName", "<none>", "example.com", "<none>", "60m", "<none>"],
  ],
])("%s", (_, spec, loadBalancer, expected) => expect(cells(spec, loadBalancer)).toEqual(expected));
