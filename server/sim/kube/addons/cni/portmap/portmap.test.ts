import { beforeEach, describe, expect, test } from "vitest";
import { connect } from "../../../../net/index.ts";
import { listen } from "../../../../net/testing.ts";
import type { JsonObject } from "../../../api/index.ts";
import { CniWorld } from "../testing.ts";

let world: CniWorld;

beforeEach(() => {
  world = new CniWorld(["node01", "client"]);
});

const BRIDGE = {
  cniVersion: "0.3.1",
  name: "cbr0",
  type: "bridge",
  isDefaultGateway: true,
  hairpinMode: true,
  ipam: { type: "host-local", subnet: "10.244.1.0/24" },
};

/** ADDs a Pod with ports of the machine: what the rules are then. */
async function publish(pod: string, ...portMappings: JsonObject[]): Promise<JsonObject> {
  world.sandbox("node01", pod);
  await world.plugin("node01", "ADD", pod, { cniVersion: "0.3.1", name: "lo", type: "loopback" }, { CNI_IFNAME: "lo" });
  const bridged = await world.plugin("node01", "ADD", pod, BRIDGE);
  const config: JsonObject = {
    cniVersion: "0.3.1",
    name: "cbr0",
    type: "portmap",
    runtimeConfig: { portMappings },
    prevResult: JSON.parse(bridged.stdout) as JsonObject,
  };
  const { code, stdout } = await world.plugin("node01", "ADD", pod, config);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual(JSON.parse(bridged.stdout));
  return config;
}

function rules(): string[] {
  return world
    .rules("node01")
    .split("\n")
    .filter((line) => /CNI|-A/.test(line));
}

const WEB = { hostPort: 8080, containerPort: 80, protocol: "tcp" };

describe("portmap", () => {
  test("writes its chains", async () => {
    await publish("web", WEB);
    expect(rules()).toEqual([
      ":CNI-DN-47d194b1b0906d04fddc1 - [0:0]",
      ":CNI-HOSTPORT-DNAT - [0:0]",
      ":CNI-HOSTPORT-MASQ - [0:0]",
      ":CNI-HOSTPORT-SETMARK - [0:0]",
      "-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT",
      "-A OUTPUT -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT",
      '-A POSTROUTING -m comment --comment "CNI portfwd requiring masquerade" -j CNI-HOSTPORT-MASQ',
      "-A CNI-DN-47d194b1b0906d04fddc1 -s 10.244.1.0/24 -p tcp -m tcp --dport 8080 -j CNI-HOSTPORT-SETMARK",
      "-A CNI-DN-47d194b1b0906d04fddc1 -s 127.0.0.1/32 -p tcp -m tcp --dport 8080 -j CNI-HOSTPORT-SETMARK",
      "-A CNI-DN-47d194b1b0906d04fddc1 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.244.1.2:80",
      '-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \\"cbr0\\" id: \\"web\\"" -m multiport --dports 8080 -j CNI-DN-47d194b1b0906d04fddc1',
      "-A CNI-HOSTPORT-MASQ -m mark --mark 0x2000/0x2000 -j MASQUERADE",
      '-A CNI-HOSTPORT-SETMARK -m comment --comment "CNI portfwd masquerade mark" -j MARK --set-xmark 0x2000/0x2000',
    ]);
  });

  test("leads connections from outside, from the machine and from the Pod itself", async () => {
    await publish("web", WEB);
    const pod = world.network.named("node01", "cni-web")!;
    listen(pod, 80);
    for (const [from, to] of [
      [world.ns("client"), "192.168.56.11"],
      [world.ns("node01"), "192.168.56.11"],
      [world.ns("node01"), "127.0.0.1"],
      [pod, "192.168.56.11"],
    ] as const) {
      const { outcome, trace } = connect(from, { to, port: 8080, tracing: true });
      expect([to, outcome, trace?.delivery?.ns]).toEqual([to, "connected", pod]);
    }
    expect(connect(world.ns("client"), { to: "192.168.56.11", port: 80 }).outcome).toBe("refused");
  });

  test("DEL takes the Pod's own rules", async () => {
    const config = await publish("web", WEB);
    await publish("db", { hostPort: 5432, containerPort: 5432, protocol: "tcp", hostIP: "192.168.56.11" });
    await world.plugin("node01", "DEL", "web", config);
    expect(rules().filter((line) => line.includes("web"))).toEqual([]);
    expect(rules().filter((line) => line.includes("5432"))).toHaveLength(4);
  });

  test("says what it cannot do", async () => {
    world.sandbox("node01", "web");
    const config = { cniVersion: "0.3.1", name: "cbr0", type: "portmap", runtimeConfig: { portMappings: [WEB] } };
    const refused = async (more: JsonObject): Promise<unknown> => {
      const { code, stdout } = await world.plugin("node01", "ADD", "web", { ...config, ...more });
      return { exit: code, ...(JSON.parse(stdout) as object) };
    };
    expect(await refused({})).toEqual({ exit: 1, code: 999, msg: "must be called as chained plugin" });
    expect(await refused({ runtimeConfig: { portMappings: [{ ...WEB, hostPort: 0 }] } })).toEqual({
      exit: 1,
      code: 999,
      msg: "failed to parse config: Invalid host port number: 0",
    });
    expect(await refused({ backend: "nftables", prevResult: { cniVersion: "0.3.1" } })).toEqual({
      exit: 64,
      code: 100,
      msg: "drydock: portmap: 'backend: nftables' is not simulated",
    });
  });

  test("needs iptables", async () => {
    const config = await publish("web", WEB);
    const { stdout } = await world.plugin("node01", "ADD", "web", config, { PATH: "/usr/local/bin" });
    expect(JSON.parse(stdout)).toEqual({
      code: 999,
      msg: 'failed to open iptables: exec: "iptables": executable file not found in $PATH',
    });
  });
});
