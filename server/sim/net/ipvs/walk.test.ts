import { expect, test } from "vitest";
import { listFlows } from "../conntrack/flows.ts";
import { addressText } from "../ip.ts";
import { tupleAddress } from "../conntrack/row.ts";
import { cluster, clusterPod, give, iptables, listen, sysctl } from "../testing.ts";
import { connect } from "../transport/connect.ts";
import { listConnections } from "./pass.ts";
import type { ServiceAddress } from "./row.ts";
import { addDestination, addService, deleteDestination } from "./services.ts";

const AT: ServiceAddress = { protocol: "tcp", address: "10.96.0.1", port: 80 };

/** A virtual service on the first node, of a Pod on the other one. */
function scene(conntrack: 0 | 1) {
  const world = cluster();
  const client = clusterPod(world, 0, "client", 2);
  const server = clusterPod(world, 1, "server", 4);
  listen(server, 8080);
  const [node] = world.nodes;
  give(node, "lo", "10.96.0.1/32");
  addService(node, { at: AT, scheduler: "rr" });
  addDestination(node, AT, { address: "10.244.1.4", port: 8080, weight: 1, upper: 0, lower: 0 });
  sysctl(node, "net.ipv4.vs.conntrack", conntrack);
  return { client, server, node: node };
}

const to = { to: "10.96.0.1", port: 80 } as const;

test.each([0, 1] as const)(
  "a client reaches a real server elsewhere, and hears the virtual service answer (vs.conntrack %d)",
  (conntrack) => {
    const { client, node } = scene(conntrack);
    const { outcome, connection } = connect(client, to);
    expect(outcome).toBe("connected");
    expect(connection!.row).toMatchObject({ peerAddress: "10.96.0.1", peerPort: 80 });
    expect(listConnections(node)).toMatchObject([{ client: "10.244.0.2", real: "10.244.1.4", state: "ESTABLISHED" }]);
  },
);

test("with vs.conntrack the flow is masqueraded as any other", () => {
  const { client, node, server } = scene(1);
  iptables(node, "-t nat -A POSTROUTING -d 10.244.1.4 -j MASQUERADE");
  expect(connect(client, to).outcome).toBe("connected");
  const [flow] = listFlows(node);
  const shown = [flow!.original.src, flow!.original.dst, flow!.reply.src].map((one) => addressText(tupleAddress(one)));
  expect(shown).toEqual(["10.244.0.2", "10.96.0.1", "10.244.1.4"]);
  expect([...server.connections.values()].map(({ peerAddress }) => peerAddress)).not.toContain("10.244.0.2");
});

test("without a real server the client is refused", () => {
  const { client, node } = scene(0);
  deleteDestination(node, AT, { address: "10.244.1.4", port: 8080 });
  expect(connect(client, to).outcome).toBe("refused");
});

test("the node itself reaches the virtual service", () => {
  const { node } = scene(1);
  iptables(node, "-t nat -A POSTROUTING -d 10.244.1.4 -j MASQUERADE");
  expect(connect(node, to).outcome).toBe("connected");
});
