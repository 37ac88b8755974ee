import fc from "fast-check";
import { expect, test } from "vitest";
import { addressesOf, listLinks, listRoutes, routeText, showNeighbours, type Namespace } from "../../../net/index.ts";
import type { JsonObject } from "../../api/index.ts";
import { CniWorld } from "./testing.ts";

const bridges = fc.record({
  isDefaultGateway: fc.boolean(),
  isGateway: fc.boolean(),
  ipMasq: fc.boolean(),
  hairpinMode: fc.boolean(),
  mtu: fc.constantFrom(0, 1400, 1450),
  cniVersion: fc.constantFrom("0.3.1", "0.4.0", "1.0.0", "1.1.0"),
});
const mappings = fc.array(
  fc.record({
    hostPort: fc.integer({ min: 1, max: 65535 }),
    containerPort: fc.integer({ min: 1, max: 65535 }),
    protocol: fc.constantFrom("tcp", "udp"),
  }),
  { maxLength: 4 },
);

/** All that a machine shows of its network, but for what stays on purpose: the bridge and portmap's common chains. */
function shown(world: CniWorld, ns: Namespace): unknown {
  const files = world.host("node01").files;
  const networks = "/var/lib/cni/networks/net";
  return {
    links: listLinks(ns).map(({ name }) => name),
    addresses: listLinks(ns).flatMap(({ index }) => addressesOf(ns, index).map(({ local }) => local)),
    routes: listRoutes(ns, 4).map((row) => routeText(ns, row)),
    neighbours: showNeighbours(ns).map(({ row }) => row.address),
    rules: world.rules("node01"),
    held: files.list(networks).filter((name) => !/^(?:lock|last_reserved_ip\.)/.test(name)),
  };
}

async function chain(world: CniWorld, pod: string, bridge: JsonObject, portMappings: JsonObject[]) {
  const network = { cniVersion: bridge["cniVersion"]!, name: "net" };
  const ipam = { type: "host-local", subnet: "10.9.0.0/24", routes: [{ dst: "10.0.0.0/8" }] };
  const first = { ...network, ...bridge, type: "bridge", ipam };
  const second = { ...network, type: "portmap", runtimeConfig: { portMappings } };
  return {
    async add() {
      world.sandbox("node01", pod);
      const result = await world.plugin("node01", "ADD", pod, first);
      expect(result).toMatchObject({ code: 0, stderr: "" });
      const chained = { ...second, prevResult: JSON.parse(result.stdout) as JsonObject };
      expect(await world.plugin("node01", "ADD", pod, chained)).toMatchObject({ code: 0, stderr: "" });
    },
    async del() {
      for (const config of [second, first])
        expect(await world.plugin("node01", "DEL", pod, config)).toEqual({ code: 0, stdout: "", stderr: "" });
    },
  };
}

test("ADD and then DEL leave nothing of a container behind", async () => {
  await fc.assert(
    fc.asyncProperty(bridges, fc.array(mappings, { minLength: 1, maxLength: 4 }), async (bridge, pods) => {
      const world = new CniWorld(["node01"]);
      const ns = world.ns("node01");
      const first = await chain(world, "first", bridge, [{ hostPort: 1, containerPort: 1, protocol: "tcp" }]);
      await first.add();
      const before = shown(world, ns);
      const chains = await Promise.all(pods.map((ports, at) => chain(world, `pod${at}`, bridge, ports)));
      for (const one of chains) await one.add();
      expect(shown(world, ns)).not.toEqual(before);
      for (const one of chains) await one.del();
      expect(shown(world, ns)).toEqual(before);
    }),
    { numRuns: 40 },
  );
});
