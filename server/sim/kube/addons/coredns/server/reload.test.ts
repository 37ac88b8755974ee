import { describe, expect, test } from "vitest";
import { SECOND } from "../../../../kernel/index.ts";
import { DnsWorld, KUBEADM } from "../testing.ts";

const FILE = "/etc/coredns/Corefile";
const digest = (line: string | undefined): string => /SHA512 = ([0-9a-f]{8})/.exec(line ?? "")?.[1] ?? "none";

async function running(text = KUBEADM): Promise<DnsWorld> {
  const world = await new DnsWorld().start(text);
  world.logs();
  return world;
}

describe("reload", () => {
  test("a changed file is seen at the next look, within 30 s and the jitter", async () => {
    const world = await running();
    const began = world.kernel.now;
    world.write("dns", FILE, KUBEADM.replace("errors", "log\n    errors"));
    const looks = world.kernel.events().filter(({ kind }) => kind === "coredns/look");
    expect(looks.map(({ periodic }) => periodic)).toEqual([false]);
    expect((looks[0]!.at - began) / SECOND).toBeLessThanOrEqual(37.5);
    await world.pass(38);
    const lines = world.logs();
    expect(lines.map((line) => line.replace(/= \w+/, "="))).toEqual([
      "[INFO] Reloading",
      "[INFO] plugin/reload: Running configuration SHA512 =",
      "[INFO] Reloading complete",
      // The loop plugin looks again.
      expect.stringMatching(
        /^\[INFO\] 127\.0\.0\.1:\d+ - \d+ "HINFO IN \d+\.\d+\. udp \d+ false 512" NXDOMAIN qr,rd,ra/,
      ),
    ]);
    expect(digest(lines[1])).not.toBe("1b226df7");
    world.dig("default.svc.cluster.local");
    expect(world.logs().length).toBe(1);
    expect(world.get("/ready", 8181)).toBe("200 OK");
  });

  test("a file with the same words is not loaded again", async () => {
    const world = await running();
    world.write("dns", FILE, KUBEADM.replace("errors", "errors # and nothing else"));
    await world.pass(60);
    expect(world.logs()).toEqual([]);
  });

  test("what does not start leaves the old configuration, and is tried once", async () => {
    const world = await running(".:53 {\n whoami\n reload 2s\n}\n");
    world.write("dns", FILE, ".:53 {\n whoami\n nope\n reload 2s\n}\n");
    await world.pass(20);
    const error = "/etc/coredns/Corefile:3 - Error during parsing: Unknown directive 'nope'";
    expect(world.logs()).toEqual([
      "[INFO] Reloading",
      `[ERROR] Restart failed: ${error}`,
      `[ERROR] plugin/reload: Corefile changed but reload failed: starting with listener file descriptors: ${error}`,
    ]);
    expect(world.dig("x.")[0]).toBe("NOERROR qr aa rd");
    world.write("dns", FILE, ".:53 {\n dnssec\n reload 2s\n}\n");
    await world.pass(20);
    expect(world.logs()[1]).toBe("[ERROR] Restart failed: drydock: coredns: plugin 'dnssec' is not simulated");
    world.write("dns", FILE, ".:53 {\n whoami\n reload 2s\n}\n");
    await world.pass(20);
    expect(world.logs().at(-1)).toBe("[INFO] Reloading complete");
  });

  test("a file that cannot be read as a Corefile is told at every look", async () => {
    const world = await running(".:53 {\n whoami\n reload 10s 1s\n}\n");
    world.write("dns", FILE, ".:53 {\n whoami {\n reload 10s\n");
    await world.pass(35);
    const line =
      "[WARNING] plugin/reload: Corefile parse failed: /etc/coredns/Corefile:3 - Error during parsing: Unexpected EOF";
    expect(world.logs()).toEqual([line, line, line]);
    expect(world.dig("x.")[0]).toBe("NOERROR qr aa rd");
  });

  test("ports come and go", async () => {
    const world = await running(".:53 {\n whoami\n health :8080\n reload 2s\n}\n");
    world.write("dns", FILE, ".:53 .:54 {\n whoami\n health :8081\n reload 2s\n}\n");
    await world.pass(5);
    expect([world.get("/health", 8080), world.get("/health", 8081)]).toEqual(["refused", "200 OK"]);
    const ports = [...world.ns("dns").sockets.values()].map(({ protocol, port }) => `${protocol} ${port}`);
    expect(ports.sort()).toEqual(["tcp 53", "tcp 54", "tcp 8081", "udp 53", "udp 54"]);
  });

  test("a cache is empty afterwards", async () => {
    const world = new DnsWorld();
    world.upstream = { "a. A": { answers: [{ name: "a.", ttl: 300, type: "A", address: "1.1.1.1" }] } };
    const text = ".:53 {\n cache 30\n forward . 10.0.0.53\n reload 2s\n}\n";
    await world.start(text);
    world.dig("a.");
    world.write("dns", FILE, text.replace("cache", "errors\n cache"));
    await world.pass(5);
    expect(world.dig("a.")[0]).toBe("NOERROR qr rd ra");
  });

  test("without the plugin only SIGUSR1 loads the file", async () => {
    const world = await running(".:53 {\n whoami\n}\n");
    world.write("dns", FILE, ".:53 {\n log\n whoami\n}\n");
    await world.pass(100);
    expect(world.logs()).toEqual([]);
    world.signal("SIGUSR1");
    expect(world.logs()).toEqual(["[INFO] SIGUSR1: Reloading", "[INFO] Reloading", "[INFO] Reloading complete"]);
  });
});

describe("a world that is restored", () => {
  test("goes on with what was loaded, cached and planned", async () => {
    const world = new DnsWorld();
    world.upstream = { "a. A": { answers: [{ name: "a.", ttl: 300, type: "A", address: "1.1.1.1" }] } };
    await world.start();
    world.service("web", { clusterIP: "10.96.0.7" });
    await world.pass(1);
    world.dig("a.");
    world.write("dns", FILE, KUBEADM.replace("errors", "log\n    errors"));
    world.logs();
    const copy = world.restored();
    expect(copy.dig("a.")).toEqual(["NOERROR qr aa rd ra", "answer a. 30 A 1.1.1.1"]);
    expect(copy.dig("web.default.svc.cluster.local")[1]).toBe("answer web.default.svc.cluster.local. 30 A 10.96.0.7");
    copy.service("late", { clusterIP: "10.96.0.8" });
    await copy.pass(40);
    expect(copy.logs().at(-2)).toBe("[INFO] Reloading complete");
    expect(copy.dig("late.default.svc.cluster.local")[1]).toBe("answer late.default.svc.cluster.local. 30 A 10.96.0.8");
    copy.write("dns", FILE, KUBEADM);
    await copy.pass(40);
    expect(digest(copy.logs().find((line) => line.includes("SHA512")))).toBe("1b226df7");
    expect(world.dig("late.default.svc.cluster.local")[0]).toBe("NXDOMAIN qr aa rd");
  });

  test("waits for the API server as before", async () => {
    const world = new DnsWorld();
    world.cut("api");
    await world.start(KUBEADM, { seconds: 2.1 });
    const copy = world.restored();
    await copy.pass(4);
    const lines = copy.logs().filter((line) => !/reflector|Unhandled/.test(line));
    expect(lines.slice(0, 6)).toEqual([
      ...Array.from({ length: 5 }, () => "[INFO] plugin/kubernetes: waiting for Kubernetes API before starting server"),
      "[WARNING] plugin/kubernetes: starting server with unsynced Kubernetes API",
    ]);
  });
});
