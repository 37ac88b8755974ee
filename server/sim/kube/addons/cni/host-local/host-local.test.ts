import { beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../api/index.ts";
import { CniWorld } from "../testing.ts";

const FOLDER = "/var/lib/cni/networks/cbr0";

let world: CniWorld;

beforeEach(() => {
  world = new CniWorld(["node01"]);
});

function config(ipam: JsonObject): JsonObject {
  return { cniVersion: "0.3.1", name: "cbr0", type: "host-local", ipam: { type: "host-local", ...ipam } };
}

/** Asks for an address: it, or what is said instead. */
async function ask(pod: string, ipam: JsonObject, env: Record<string, string> = {}): Promise<string> {
  const { code, stdout } = await world.plugin("node01", "ADD", pod, config(ipam), env);
  const answer = JSON.parse(stdout) as { msg: string; ips: { address: string }[] };
  return code === 0 ? answer.ips.map(({ address }) => address).join(" ") : answer.msg;
}

function files(): Record<string, string | undefined> {
  const { files: tree } = world.host("node01");
  return Object.fromEntries(
    tree
      .list(FOLDER)
      .sort()
      .map((name) => [name, world.host("node01").readText(`${FOLDER}/${name}`)]),
  );
}

describe("host-local", () => {
  test("notes who has which address", async () => {
    expect(await ask("web", { subnet: "10.1.0.0/24" })).toBe("10.1.0.2/24");
    expect(await ask("db", { subnet: "10.1.0.0/24" })).toBe("10.1.0.3/24");
    expect(files()).toEqual({
      "10.1.0.2": "web\r\neth0",
      "10.1.0.3": "db\r\neth0",
      "last_reserved_ip.0": "10.1.0.3",
      lock: "",
    });
    expect(world.host("node01").files.stat(`${FOLDER}/lock`)).toMatchObject({ mode: 0o750, size: 0 });
    expect(world.host("node01").files.stat(`${FOLDER}/10.1.0.2`)).toMatchObject({ mode: 0o644, size: 9 });
  });

  test("answers with routes and DNS settings", async () => {
    world.write("node01", "/etc/pods.conf", "nameserver 10.96.0.10\nsearch a.b c.d\noptions ndots:5\n");
    const { stdout } = await world.plugin(
      "node01",
      "ADD",
      "web",
      config({ ranges: [[{ subnet: "10.1.0.0/24" }]], routes: [{ dst: "0.0.0.0/0" }], resolvConf: "/etc/pods.conf" }),
    );
    expect(JSON.parse(stdout)).toEqual({
      cniVersion: "0.3.1",
      ips: [{ version: "4", address: "10.1.0.2/24", gateway: "10.1.0.1" }],
      routes: [{ dst: "0.0.0.0/0" }],
      dns: { nameservers: ["10.96.0.10"], search: ["a.b", "c.d"], options: ["ndots:5"] },
    });
  });

  test("goes round: an address that was given back comes last", async () => {
    const ipam = { subnet: "10.1.0.0/29" };
    for (const pod of ["a", "b", "c"]) await ask(pod, ipam);
    await world.plugin("node01", "DEL", "a", config(ipam));
    expect(Object.keys(files())).not.toContain("10.1.0.2");
    expect(await ask("d", ipam)).toBe("10.1.0.5/29");
    expect(await ask("e", ipam)).toBe("10.1.0.6/29");
    expect(await ask("f", ipam)).toBe("10.1.0.2/29");
    expect(await ask("g", ipam)).toBe(
      "failed to allocate for range 0: no IP addresses available in range set: 10.1.0.1-10.1.0.6",
    );
  });

  test("gives a container one address", async () => {
    await ask("web", { subnet: "10.1.0.0/24" });
    expect(await ask("web", { subnet: "10.1.0.0/24" })).toBe(
      "failed to allocate for range 0: 10.1.0.2 has been allocated to web, duplicate allocation is not allowed",
    );
  });

  test("gives the one that is asked for", async () => {
    const ipam = { subnet: "10.1.0.0/24" };
    expect(await ask("web", ipam, { CNI_ARGS: "IP=10.1.0.77" })).toBe("10.1.0.77/24");
    expect(await ask("db", ipam, { CNI_ARGS: "IP=10.1.0.77" })).toBe(
      "failed to allocate for range 0: requested IP address 10.1.0.77 is not available in range set 10.1.0.1-10.1.0.254",
    );
    expect(await ask("db", ipam, { CNI_ARGS: "IP=10.1.0.1" })).toBe(
      "failed to allocate for range 0: requested ip 10.1.0.1 is subnet's gateway",
    );
    expect(await ask("db", ipam, { CNI_ARGS: "IP=10.2.0.1" })).toBe("failed to allocate all requested IPs: 10.2.0.1");
  });

  test("gives one of each range set", async () => {
    const ranges = [
      [{ subnet: "10.1.0.0/24" }],
      [{ subnet: "10.2.0.0/24", rangeStart: "10.2.0.9", gateway: "10.2.0.254" }],
    ];
    expect(await ask("web", { ranges })).toBe("10.1.0.2/24 10.2.0.9/24");
    expect(files()).toMatchObject({ "last_reserved_ip.0": "10.1.0.2", "last_reserved_ip.1": "10.2.0.9" });
  });

  test.each<[JsonObject, string]>([
    [{}, "no IP ranges specified"],
    [
      { subnet: "10.1.0.1/24" },
      "invalid range set 0: Network has host bits set. For a subnet mask of length 24 the network address is 10.1.0.0",
    ],
    [{ subnet: "10.1.0.0/31" }, "invalid range set 0: Network 10.1.0.0/31 too small to allocate from"],
    [{ subnet: "10.1.0.0" }, "invalid CIDR address: 10.1.0.0"],
    [{ ranges: [[{ subnet: "10.1.0.0/24" }], [{ subnet: "10.1.0.0/25" }]] }, "range set 0 overlaps with 1"],
    [{ ranges: [[{}]] }, "invalid range set 0: IP <nil> not v4 nor v6"],
    [{ subnet: "10.1.0.0/24", gateway: "first" }, "invalid IP address: first"],
    [{ ranges: [[]] }, "invalid range set 0: empty range set"],
  ])("refuses %j", async (ipam, msg) => {
    expect(await ask("web", ipam)).toBe(msg);
  });

  test("DEL of who has nothing is fine", async () => {
    const { code, stdout } = await world.plugin("node01", "DEL", "nobody", config({ subnet: "10.1.0.0/24" }));
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  });
});
