import { beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../api/index.ts";
import { CniWorld } from "./testing.ts";

let world: CniWorld;

beforeEach(() => {
  world = new CniWorld(["node01"]);
  world.sandbox("node01", "web");
});

const CONFIG = {
  cniVersion: "1.0.0",
  name: "cbr0",
  type: "bridge",
  ipam: { type: "host-local", subnet: "10.1.0.0/24" },
};

/** What a refusal says, and its code. */
async function refusal(config: JsonObject, env: Record<string, string> = {}, command: "ADD" | "CHECK" = "ADD") {
  const { code, stdout, stderr } = await world.plugin("node01", command, "web", { ...CONFIG, ...config }, env);
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  return JSON.parse(stdout) as unknown;
}

describe("a plugin", () => {
  test("tells about itself without a command", async () => {
    const { code, stdout, stderr } = await world.run("node01", "/opt/cni/bin/bridge", "", {});
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toBe(
      "CNI bridge plugin v1.6.0\nCNI protocol versions supported: 0.1.0, 0.2.0, 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0\n",
    );
  });

  test("tells its versions", async () => {
    const { stdout } = await world.run("node01", "/opt/cni/bin/host-local", "{}", { CNI_COMMAND: "VERSION" });
    expect(stdout).toBe(
      '{"cniVersion":"1.1.0","supportedVersions":["0.1.0","0.2.0","0.3.0","0.3.1","0.4.0","1.0.0","1.1.0"]}\n',
    );
  });

  test("needs its variables", async () => {
    expect(await refusal({}, { CNI_NETNS: "", CNI_PATH: "" })).toEqual({
      code: 4,
      msg: "required env variables [CNI_NETNS,CNI_PATH] missing",
    });
    expect(await refusal({}, { CNI_COMMAND: "PLUG" })).toEqual({ code: 4, msg: "unknown CNI_COMMAND: PLUG" });
    expect(await refusal({}, { CNI_IFNAME: "a/b" })).toEqual({
      code: 4,
      msg: "interface name contains / or : or whitespace characters",
    });
  });

  test("needs a name and a version that it knows", async () => {
    expect(await refusal({ name: "" })).toEqual({ code: 7, msg: "missing network name" });
    expect(await refusal({ name: "a b" })).toEqual({
      code: 7,
      msg: "invalid characters found in network name",
      details: "a b",
    });
    expect(await refusal({ cniVersion: "2.0.0" })).toEqual({
      code: 1,
      msg: "incompatible CNI versions",
      details: 'config is "2.0.0", plugin supports ["0.1.0" "0.2.0" "0.3.0" "0.3.1" "0.4.0" "1.0.0" "1.1.0"]',
    });
    expect(await refusal({ cniVersion: "0.3.1" }, {}, "CHECK")).toEqual({
      code: 1,
      msg: "config version does not allow CHECK",
    });
  });

  test("needs JSON", async () => {
    const { stdout } = await world.run("node01", "/opt/cni/bin/bridge", '{"name": }', {
      CNI_COMMAND: "ADD",
      CNI_CONTAINERID: "web",
      CNI_NETNS: "/var/run/netns/cni-web",
      CNI_IFNAME: "eth0",
      CNI_PATH: "/opt/cni/bin",
    });
    expect(JSON.parse(stdout)).toEqual({
      code: 6,
      msg: "error unmarshall network config: invalid character '}' looking for beginning of value",
    });
  });

  test("says that it is not simulated", async () => {
    for (const [config, msg] of [
      [{ ...CONFIG, type: "ipvlan" }, "drydock: cni: 'ipvlan' is not simulated"],
      [{ ...CONFIG, vlan: 5 }, "drydock: bridge: 'vlan' is not simulated"],
      [
        { ...CONFIG, type: "bandwidth", ingressRate: 1000, ingressBurst: 1000 },
        "drydock: bandwidth: 'ingressRate' is not simulated",
      ],
    ] as const) {
      const { code, stdout } = await world.plugin("node01", "ADD", "web", config);
      expect({ exit: code, ...(JSON.parse(stdout) as object) }).toEqual({ exit: 64, code: 100, msg });
    }
  });
});
