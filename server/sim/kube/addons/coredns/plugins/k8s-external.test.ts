import { beforeEach, describe, expect, test } from "vitest";
import { services } from "../../../kinds/index.ts";
import { DnsWorld } from "../testing.ts";

let world: DnsWorld;

const corefile = (more = ""): string =>
  `. {\n kubernetes cluster.local {\n  ttl 30\n }\n k8s_external example.org 113.0.203.in-addr.arpa {\n${more} }\n}\n`;

beforeEach(() => {
  world = new DnsWorld();
  const web = world.service("web", { type: "LoadBalancer", externalIPs: ["203.0.113.9"] });
  const status = { loadBalancer: { ingress: [{ ip: "203.0.113.80" }] } };
  world.client.updateStatus(services, { ...web, status });
  world.service("plain");
  world.service("set", { clusterIP: "None" });
  world.slice("set", [{ addresses: ["10.244.0.7"], hostname: "set-0", conditions: { ready: true } }]);
});

const SOA = (serial: string, name = "example.org."): string =>
  `authority ${name} 5 SOA ns1.dns.${name} hostmaster.dns.${name} ${serial} 7200 1800 86400 5`;

describe("k8s_external", () => {
  test("a Service's external addresses, by its name outside", async () => {
    await world.start(corefile());
    expect(world.dig("web.default.example.org")).toEqual([
      "NOERROR qr aa rd",
      "answer web.default.example.org. 5 A 203.0.113.9",
      "answer web.default.example.org. 5 A 203.0.113.80",
    ]);
    expect(world.dig("_http._tcp.web.default.example.org", "SRV")).toEqual([
      "NOERROR qr aa rd",
      "answer _http._tcp.web.default.example.org. 30 SRV 0 50 80 web.default.example.org.",
      "additional web.default.example.org. 5 A 203.0.113.9",
      "additional web.default.example.org. 5 A 203.0.113.80",
    ]);
    expect(world.dig("80.113.0.203.in-addr.arpa", "PTR")[1]).toBe(
      "answer 80.113.0.203.in-addr.arpa. 5 PTR web.default.example.org.",
    );
  });

  test("what has no external address has no name", async () => {
    await world.start(corefile());
    const [head, soa] = world.dig("plain.default.example.org");
    expect(head).toBe("NXDOMAIN qr aa rd");
    expect(soa).toBe(SOA(soa!.split(" ")[6]!));
    expect(world.dig("web.nowhere.example.org")[0]).toBe("NXDOMAIN qr aa rd");
    expect(world.dig("default.example.org")[0]).toBe("NOERROR qr aa rd");
    expect(world.dig("web.default.example.org", "TXT")[0]).toBe("NOERROR qr aa rd");
    expect(world.dig("set-0.set.default.example.org")[0]).toBe("NXDOMAIN qr aa rd");
  });

  test("headless, apex and ttl", async () => {
    await world.start(corefile("  headless\n  apex names\n  ttl 60\n"));
    expect(world.dig("set.default.example.org")[1]).toBe("answer set.default.example.org. 60 A 10.244.0.7");
    expect(world.dig("set-0.set.default.example.org")[1]).toBe("answer set-0.set.default.example.org. 60 A 10.244.0.7");
    expect(world.dig("example.org", "NS").slice(1)).toEqual([
      "answer example.org. 60 NS ns1.names.example.org.",
      "additional ns1.names.example.org. 60 A 10.0.0.2",
    ]);
    expect(world.dig("ns1.names.example.org")[1]).toBe("answer ns1.names.example.org. 60 A 10.0.0.2");
    expect(world.dig("ns2.names.example.org")[0]).toBe("NXDOMAIN qr aa rd");
  });

  test("a ttl out of range", async () => {
    await world.start(corefile("  ttl 4000\n"));
    expect(world.logs()[1]).toBe(
      "2> plugin/k8s_external: /etc/coredns/Corefile:6 - Error during parsing: ttl must be in range [0, 3600]: 4000",
    );
  });
});
