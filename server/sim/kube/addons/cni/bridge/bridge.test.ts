import { beforeEach, describe, expect, test } from "vitest";
import {
  addressesOf,
  deleteLink,
  deleteRoute,
  findLink,
  listLinks,
  listRoutes,
  readSysctl,
  routeText,
} from "../../../../net/index.ts";
import { must } from "../../../../net/testing.ts";
import type { JsonObject } from "../../../api/index.ts";
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

  test("ADD lets the machine forward", async () => {
    expect(readSysctl(world.ns("node01"), "net/ipv4/ip_forward")).toMatchObject({ value: "0" });
    await world.plugin("node01", "ADD", "web", CONFIG);
    expect(readSysctl(world.ns("node01"), "net/ipv4/ip_forward")).toMatchObject({ value: "1" });
  });

  test("ADD masquerades if it is asked to, and DEL undoes it", async () => {
    const config = { ...CONFIG, ipMasq: true };
    await world.plugin("node01", "ADD", "web", config);
    const chain = "CNI-47d194b1b0906d04fddc1800";
    expect(rules().filter((line) => line.includes("CNI"))).toEqual([
      `:${chain} - [0:0]`,
      `-A POSTROUTING -s 10.244.1.2/32 -m comment --comment "name: \\"cbr0\\" id: \\"web\\"" -j ${chain}`,
      `-A ${chain} -d 10.244.1.0/24 -m comment --comment "name: \\"cbr0\\" id: \\"web\\"" -j ACCEPT`,
      `-A ${chain} ! -d 224.0.0.0/4 -m comment --comment "name: \\"cbr0\\" id: \\"web\\"" -j MASQUERADE`,
    ]);
    await world.plugin("node01", "DEL", "web", config);
    expect(rules().filter((line) => /^-A|CNI/.test(line))).toEqual([]);
  });

  test("a promiscuous bridge", async () => {
    await world.plugin("node01", "ADD", "web", { ...CONFIG, hairpinMode: false, promiscMode: true });
    expect(findLink(world.ns("node01"), "cni0")).toMatchObject({ promisc: true });
    const veth = listLinks(world.ns("node01")).find(({ kind }) => kind === "veth")!;
    expect(veth.port?.hairpin ?? false).toBe(false);
  });

  test("the container's own MAC address", async () => {
    const config = { ...CONFIG, runtimeConfig: { mac: "c2:b0:57:49:47:f1" } };
    await world.plugin("node01", "ADD", "web", config);
    const pod = world.network.named("node01", "cni-web")!;
    expect(findLink(pod, "eth0")?.address).toBe("c2:b0:57:49:47:f1");
  });

  test("CHECK finds what ADD has made, and what is gone", async () => {
    const config = { ...CONFIG, cniVersion: "1.0.0" };
    const { stdout } = await world.plugin("node01", "ADD", "web", config);
    const check = async (): Promise<unknown> => {
      const prevResult = JSON.parse(stdout) as JsonObject;
      const answer = await world.plugin("node01", "CHECK", "web", { ...config, prevResult });
      return answer.code === 0 ? answer.stdout : (JSON.parse(answer.stdout) as { msg: string }).msg;
    };
    expect(await check()).toBe("");
    const pod = world.network.named("node01", "cni-web")!;
    must(deleteRoute(pod, { to: "10.244.0.0/16" }));
    expect(await check()).toMatch(/^Expected Route \{Dst:10\.244\.0\.0\/16 GW:.*\} not found in routing table$/);
    must(deleteLink(pod, findLink(pod, "eth0")!.index));
    expect(await check()).toBe("Interface name eth0 not found");
  });

  test.each<[string, JsonObject, Record<string, string>, string]>([
    [
      "hairpin and promiscuous mode",
      { promiscMode: true },
      {},
      "cannot set hairpin mode and promiscuous mode at the same time",
    ],
    [
      "a namespace that is not there",
      {},
      { CNI_NETNS: "/var/run/netns/none" },
      'failed to open netns "/var/run/netns/none": failed to Statfs "/var/run/netns/none": no such file or directory',
    ],
    [
      "an IPAM plugin that is not there",
      { ipam: { type: "dhcpd" } },
      {},
      'failed to find plugin "dhcpd" in path [/opt/cni/bin]',
    ],
    [
      "a link that is no bridge",
      { bridge: "eth0" },
      {},
      'failed to create bridge "eth0": "eth0" already exists but is not a bridge',
    ],
    [
      "a type that is wrong",
      { mtu: "big" },
      {},
      "failed to load netconf: json: cannot unmarshal string into Go struct field NetConf.mtu of type int",
    ],
  ])("refuses %s", async (_, config, env, msg) => {
    const { code, stdout } = await world.plugin("node01", "ADD", "web", { ...CONFIG, ...config }, env);
    expect({ exit: code, ...(JSON.parse(stdout) as object) }).toMatchObject({ exit: 1, msg });
  });

  test("an interface that the container has already is left alone", async () => {
    await world.plugin("node01", "ADD", "web", CONFIG);
    const { stdout } = await world.plugin("node01", "ADD", "web", CONFIG);
    expect((JSON.parse(stdout) as { msg: string }).msg).toMatch(
      /^container veth name \("eth0"\) peer provided \("veth[0-9a-f]{8}"\) already exists$/,
    );
  });

  test("the same DEL may come again, and without a namespace", async () => {
    await world.plugin("node01", "ADD", "web", CONFIG);
    for (const netns of ["/var/run/netns/cni-web", "/var/run/netns/cni-web", "", "/var/run/netns/none"])
      expect(await world.plugin("node01", "DEL", "web", CONFIG, { CNI_NETNS: netns })).toEqual({
        code: 0,
        stdout: "",
        stderr: "",
      });
    expect(listLinks(world.ns("node01")).filter(({ kind }) => kind === "veth")).toEqual([]);
    expect(world.host("node01").files.list("/var/lib/cni/networks/cbr0").sort()).toEqual([
      "last_reserved_ip.0",
      "lock",
    ]);
  });
});

function rules(): string[] {
  return world.rules("node01").split("\n");
}
