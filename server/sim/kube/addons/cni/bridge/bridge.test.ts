import { beforeEach, describe, expect, test } from "vitest";
import { addressesOf, findLink, listLinks, listRoutes, routeText } from "../../../../net/index.ts";
import { CniWorld } from "../testing.ts";

let world: CniWorld;

beforeEach(() => {
  world = new CniWorld(["node01"]);
  world.sandbox("node01", "web");
});

const CONFIG = {
  cniVersion: "0.3.1",
  name: "cbr0",
  type: "bridge",
  isDefaultGateway: true,
  hairpinMode: true,
  mtu: 1450,
  ipam: { type: "host-local", ranges: [[{ subnet: "10.244.1.0/24" }]], routes: [{ dst: "10.244.0.0/16" }] },
};

describe("bridge", () => {
  test("ADD reports bridge, veth and the container's interface", async () => {
    const { code, stdout, stderr } = await world.plugin("node01", "ADD", "web", CONFIG);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const host = listLinks(world.ns("node01")).find(({ kind }) => kind === "veth")!;
    const bridge = findLink(world.ns("node01"), "cni0")!;
    const inside = findLink(world.network.named("node01", "cni-web")!, "eth0")!;
    expect(host.name).toMatch(/^veth[0-9a-f]{8}$/);
    expect(stdout).toBe(`{
    "cniVersion": "0.3.1",
    "interfaces": [
        {
            "name": "cni0",
            "mac": "${bridge.address}"
        },
        {
            "name": "${host.name}",
            "mac": "${host.address}"
        },
        {
            "name": "eth0",
            "mac": "${inside.address}",
            "sandbox": "/var/run/netns/cni-web"
        }
    ],
    "ips": [
        {
            "version": "4",
            "interface": 2,
            "address": "10.244.1.2/24",
            "gateway": "10.244.1.1"
        }
    ],
    "routes": [
        {
            "dst": "10.244.0.0/16"
        },
        {
            "dst": "0.0.0.0/0",
            "gw": "10.244.1.1"
        }
    ],
    "dns": {}
}`);
  });

  test("ADD makes what it reports", async () => {
    await world.plugin("node01", "ADD", "web", CONFIG);
    const ns = world.ns("node01");
    const pod = world.network.named("node01", "cni-web")!;
    const [bridge, inside] = [findLink(ns, "cni0")!, findLink(pod, "eth0")!];
    const host = listLinks(ns).find(({ kind }) => kind === "veth")!;
    expect(bridge).toMatchObject({ kind: "bridge", mtu: 1450, up: true, operstate: "UP", addressSet: true });
    expect(host).toMatchObject({ mtu: 1450, master: bridge.index, port: { hairpin: true, state: "forwarding" } });
    expect(inside).toMatchObject({ kind: "veth", index: 2, mtu: 1450, up: true });
    expect(addressesOf(ns, bridge.index).filter(({ family }) => family === 4)).toMatchObject([
      { local: "10.244.1.1", length: 24, broadcast: "10.244.1.255" },
    ]);
    expect(addressesOf(pod, inside.index).filter(({ family }) => family === 4)).toMatchObject([
      { local: "10.244.1.2", length: 24, broadcast: "10.244.1.255" },
    ]);
    expect(
      listRoutes(pod, 4)
        .filter(({ table }) => table === 254)
        .map((row) => routeText(pod, row).trim()),
    ).toEqual([
      "default via 10.244.1.1 dev eth0",
      "10.244.0.0/16 via 10.244.1.1 dev eth0",
      "10.244.1.0/24 dev eth0 proto kernel scope link src 10.244.1.2",
    ]);
  });
});
