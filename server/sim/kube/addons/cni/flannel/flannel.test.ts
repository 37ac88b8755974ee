import { beforeEach, describe, expect, test } from "vitest";
import { addressesOf, findLink, listLinks } from "../../../../net/index.ts";
import type { JsonObject } from "../../../api/index.ts";
import { CniWorld } from "../testing.ts";

const CONFIG = {
  cniVersion: "0.3.1",
  name: "cbr0",
  type: "flannel",
  delegate: { hairpinMode: true, isDefaultGateway: true },
};
const SUBNET = "FLANNEL_NETWORK=10.244.0.0/16\nFLANNEL_SUBNET=10.244.1.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n";

let world: CniWorld;

beforeEach(() => {
  world = new CniWorld(["node01"]);
  world.sandbox("node01", "web");
  world.write("node01", "/run/flannel/subnet.env", SUBNET);
});

async function add(config: JsonObject = {}): Promise<unknown> {
  return JSON.parse((await world.plugin("node01", "ADD", "web", { ...CONFIG, ...config })).stdout) as unknown;
}

describe("the flannel plugin", () => {
  test("has the bridge plugin do it", async () => {
    expect(await add()).toMatchObject({
      cniVersion: "0.3.1",
      interfaces: [{ name: "cni0" }, { name: expect.stringMatching(/^veth[0-9a-f]{8}$/) as string }, { name: "eth0" }],
      ips: [{ version: "4", interface: 2, address: "10.244.1.2/24", gateway: "10.244.1.1" }],
      routes: [{ dst: "10.244.0.0/16" }, { dst: "0.0.0.0/0", gw: "10.244.1.1" }],
      dns: {},
    });
    const pod = world.network.named("node01", "cni-web")!;
    expect(findLink(pod, "eth0")).toMatchObject({ mtu: 1450 });
    expect(world.host("node01").readText("/var/lib/cni/flannel/web")).toBe(
      '{"cniVersion":"0.3.1","hairpinMode":true,"ipMasq":false,"ipam":{"ranges":[[{"subnet":"10.244.1.0/24"}]],"routes":[{"dst":"10.244.0.0/16"}],"type":"host-local"},"isDefaultGateway":true,"isGateway":true,"mtu":1450,"name":"cbr0","type":"bridge"}',
    );
  });

  test("DEL needs only what ADD has noted", async () => {
    await add();
    world.host("node01").files.unlink("/run/flannel/subnet.env");
    expect(await world.plugin("node01", "DEL", "web", CONFIG)).toMatchObject({ code: 0, stdout: "" });
    expect(world.host("node01").files.list("/var/lib/cni/flannel")).toEqual([]);
    expect(world.host("node01").files.list("/var/lib/cni/networks/cbr0").sort()).toEqual([
      "last_reserved_ip.0",
      "lock",
    ]);
    expect(listLinks(world.ns("node01")).filter(({ kind }) => kind === "veth")).toEqual([]);
    expect(await world.plugin("node01", "DEL", "web", CONFIG)).toMatchObject({ code: 0, stdout: "" });
  });

  test("waits for flanneld", async () => {
    world.host("node01").files.unlink("/run/flannel/subnet.env");
    expect(await add()).toEqual({
      code: 999,
      msg: "failed to load flannel 'subnet.env' file: open /run/flannel/subnet.env: no such file or directory. Check the flannel pod log for this node.",
    });
    world.write("node01", "/run/flannel/subnet.env", "FLANNEL_NETWORK=10.244.0.0/16\n");
    expect(await add()).toEqual({
      code: 999,
      msg: "failed to load flannel 'subnet.env' file: /run/flannel/subnet.env is missing FLANNEL_SUBNET, FLANNEL_IPV6_SUBNET, FLANNEL_MTU, FLANNEL_IPMASQ. Check the flannel pod log for this node.",
    });
  });

  test("tells what its delegates fail with", async () => {
    const { files } = world.host("node01");
    files.unlink("/opt/cni/bin/host-local");
    expect(await add()).toEqual({
      code: 999,
      msg: 'failed to delegate add: failed to find plugin "host-local" in path [/opt/cni/bin]',
    });
    files.unlink("/opt/cni/bin/bridge");
    expect(await add()).toEqual({
      code: 999,
      msg: 'failed to delegate add: failed to find plugin "bridge" in path [/opt/cni/bin]',
    });
  });

  test("does not move a bridge to another subnet", async () => {
    await add();
    world.write("node01", "/run/flannel/subnet.env", SUBNET.replace("10.244.1.1", "10.244.7.1"));
    world.sandbox("node01", "late");
    const { stdout } = await world.plugin("node01", "ADD", "late", CONFIG);
    expect(JSON.parse(stdout)).toEqual({
      code: 999,
      msg: 'failed to delegate add: failed to set bridge addr: "cni0" already has an IP address different from 10.244.7.1/24',
    });
    const bridge = findLink(world.ns("node01"), "cni0")!;
    expect(addressesOf(world.ns("node01"), bridge.index).filter(({ family }) => family === 4)).toHaveLength(1);
  });

  test("refuses what it sets itself", async () => {
    expect(await add({ delegate: { name: "x" } })).toEqual({
      code: 999,
      msg: "'delegate' dictionary must not have 'name' field, it'll be set by flannel",
    });
  });
});
