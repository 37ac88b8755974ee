import { beforeEach, expect, test } from "vitest";
import { addressesOf, findLink, ping } from "../../../net/index.ts";
import { sysctl, up } from "../../../net/testing.ts";
import type { JsonObject } from "../../api/index.ts";
import { CniWorld, type Answer } from "./testing.ts";

/** Two machines on one wire: 192.168.56.11 and .12; their Pods get links of their own on it. */
let world: CniWorld;

beforeEach(() => {
  world = new CniWorld(["node01", "node02"]);
  for (const [host, pod] of [
    ["node01", "a"],
    ["node01", "b"],
    ["node02", "c"],
  ] as const)
    up(world.sandbox(host, pod), "lo");
});

const REST = { dst: "0.0.0.0/0" };

function config(type: string, address: string, more: JsonObject = {}): JsonObject {
  const gateway = address.replace(/\d+\/\d+$/, "1");
  const ipam: JsonObject = address.endsWith("/32")
    ? { type: "static", addresses: [{ address }] }
    : { type: "static", addresses: [{ address, gateway }], routes: [REST] };
  return { cniVersion: "1.0.0", name: "lan", type, master: "eth0", ipam, ...more };
}

const pod = (host: string, name: string) => world.network.named(host, `cni-${name}`)!;

const reaches = (host: string, name: string, to: string): string =>
  ping(pod(host, name), { to, id: 1, seq: 1 }).outcome;

const added = async (host: string, name: string, given: JsonObject): Promise<Answer> => {
  const answer = await world.plugin(host, "ADD", name, given);
  expect(answer.code, answer.stdout).toBe(0);
  return answer;
};

const message = ({ stdout }: Answer): string => (JSON.parse(stdout) as { msg: string }).msg;

test("macvlan: Pods reach each other and other machines, but not the machine that they are on", async () => {
  const { stdout } = await added("node01", "a", config("macvlan", "192.168.56.101/24"));
  await added("node01", "b", config("macvlan", "192.168.56.102/24"));
  await added("node02", "c", config("macvlan", "192.168.56.103/24", { mac: "02:00:00:00:00:0c" }));
  const link = findLink(pod("node01", "a"), "eth0")!;
  expect(JSON.parse(stdout)).toEqual({
    cniVersion: "1.0.0",
    interfaces: [{ mac: link.address, name: "eth0", sandbox: "/var/run/netns/cni-a" }],
    ips: [{ address: "192.168.56.101/24", gateway: "192.168.56.1", interface: 0 }],
    routes: [REST],
  });
  expect(findLink(pod("node02", "c"), "eth0")!.address).toBe("02:00:00:00:00:0c");
  const out = ["192.168.56.102", "192.168.56.103", "192.168.56.12", "192.168.56.11"].map((to) =>
    reaches("node01", "a", to),
  );
  expect(out).toEqual(["answered", "answered", "answered", "host unreachable"]);
});

test("macvlan: private ones do not reach each other; without IPAM there is a link and no address", async () => {
  const own = { mode: "private" };
  await added("node01", "a", config("macvlan", "192.168.56.101/24", own));
  await added("node01", "b", config("macvlan", "192.168.56.102/24", own));
  expect(reaches("node01", "a", "192.168.56.102")).toBe("host unreachable");
  expect(reaches("node01", "a", "192.168.56.12")).toBe("answered");
  await added("node02", "c", { cniVersion: "1.0.0", name: "lan", type: "macvlan", master: "eth0" });
  const { ns, link } = { ns: pod("node02", "c"), link: findLink(pod("node02", "c"), "eth0")! };
  expect([link.up, addressesOf(ns, link.index).filter(({ family }) => family === 4)]).toEqual([true, []]);
});

test("vlan: Pods of one VLAN reach each other across machines, those of others do not", async () => {
  await added("node01", "a", config("vlan", "10.7.0.5/24", { vlanId: 7 }));
  await added("node02", "c", config("vlan", "10.7.0.2/24", { vlanId: 7 }));
  await added("node01", "b", config("vlan", "10.7.0.3/24", { vlanId: 8 }));
  sysctl(pod("node02", "c"), "net.ipv4.conf.all.arp_ignore", 1);
  expect(reaches("node01", "a", "10.7.0.2")).toBe("answered");
  expect(reaches("node01", "b", "10.7.0.2")).toBe("host unreachable");
});

test("dummy: an address on a link that leads nowhere", async () => {
  await added("node01", "a", config("dummy", "10.9.0.1/32"));
  expect(findLink(pod("node01", "a"), "eth0")).toMatchObject({ kind: "dummy", up: true });
  expect(reaches("node01", "a", "10.9.0.1")).toBe("answered");
});

test.each([
  ["macvlan", { mode: "nope" }, 'unknown macvlan mode: "nope"'],
  ["macvlan", { master: "eth9" }, "Link not found"],
  ["macvlan", { mtu: 9000 }, "invalid MTU 9000, must be [0, master MTU(1500)]"],
  ["macvlan", { mac: "x" }, "invalid args x for MAC addr: address x: invalid MAC address"],
  [
    "vlan",
    { master: "", vlanId: 7 },
    '"master" field is required. It specifies the host interface name to create the VLAN for',
  ],
  ["vlan", { vlanId: 4095 }, "invalid VLAN ID 4095 (must be between 0 and 4095 inclusive)"],
  ["dummy", { ipam: {} }, "dummy interface requires an IPAM configuration"],
])("%s with %j is refused", async (type, more, words) => {
  const answer = await world.plugin("node01", "ADD", "a", config(type, "192.168.56.101/24", more));
  expect([answer.code, message(answer)]).toEqual([1, words]);
  expect(findLink(pod("node01", "a"), "eth0")).toBeUndefined();
});

test.each(["macvlan", "vlan", "dummy"])(
  "%s: CHECK compares, DEL takes the link away and may come twice",
  async (type) => {
    const given = config(type, "192.168.56.101/24", { vlanId: 7 });
    const { stdout } = await added("node01", "a", given);
    const after = { ...given, prevResult: JSON.parse(stdout) as JsonObject };
    expect((await world.plugin("node01", "CHECK", "a", after)).stdout).toBe("");
    const other = JSON.parse(stdout.replace("192.168.56.101/24", "192.168.56.9/24")) as JsonObject;
    expect(message(await world.plugin("node01", "CHECK", "a", { ...given, prevResult: other }))).toBe(
      "Failed to match addr 192.168.56.9/24 on interface eth0",
    );
    for (const _ of [1, 2]) expect((await world.plugin("node01", "DEL", "a", given)).code).toBe(0);
    expect(findLink(pod("node01", "a"), "eth0")).toBeUndefined();
  },
);
