import { describe, expect, test } from "vitest";
import { DnsWorld } from "../testing.ts";
import { DIRECTIVES } from "./directives.ts";
import { pluginNamed } from "./index.ts";

const ZONE =
  "@ 3600 IN SOA ns.example.org. admin.example.org. 1 7200 3600 1209600 3600\n@ 3600 IN NS ns\nwww 60 IN A 10.7.7.7\n";

const SOA = { name: ".", ttl: 60, type: "SOA", mname: "m.", rname: "r.", serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 60 } as const; // prettier-ignore

async function running(lines: string): Promise<DnsWorld> {
  const world = new DnsWorld();
  world.upstream = {
    "a. A": { answers: [{ name: "a.", ttl: 900, type: "A", address: "192.0.2.33" }] },
    "a. AAAA": {},
    "b. AAAA": { rcode: "NXDOMAIN", authorities: [SOA] },
  };
  await world.start(`. {\n${lines}\n}\n`);
  return world;
}

describe("dns64", () => {
  test("gives a name without IPv6 addresses translated ones", async () => {
    const world = await running(" prometheus 0.0.0.0:9153\n dns64 {\n  allow_ipv4\n }\n forward . 10.0.0.53");
    expect(world.dig("a.", "AAAA")).toEqual(["NOERROR qr rd", "answer a. 600 AAAA 64:ff9b::c000:221"]);
    expect(world.dig("b.", "AAAA")[0]).toBe("NXDOMAIN qr rd ra");
    expect(world.get("/metrics", 9153)).toContain('coredns_dns64_requests_translated_total{server="dns://:53"} 1\n');
  });

  test("over IPv4 not, unless it is told to; bits 64 to 71 stay zero", async () => {
    const plain = await running(" dns64\n forward . 10.0.0.53");
    expect(plain.dig("a.", "AAAA")).toEqual(["NOERROR qr rd ra"]);
    const short = await running(" dns64 {\n  prefix 2001:db8::/48\n  allow_ipv4\n }\n forward . 10.0.0.53");
    expect(short.dig("a.", "AAAA")[1]).toBe("answer a. 600 AAAA 2001:db8:0:c000:2:2100::");
  });

  test("a prefix of another length", async () => {
    const world = await running(" dns64 64:ff9b::/90");
    expect(world.logs()[1]).toBe(
      '2> plugin/dns64: /etc/coredns/Corefile:2 - Error during parsing: invalid prefix length "64:ff9b::/90"',
    );
  });
});

describe("erratic", () => {
  test("drops every second query, and answers the others with its own address", async () => {
    const world = await running(" erratic");
    expect([1, 2, 3, 4].map(() => world.dig("x.")[0])).toEqual(["no answer", "NOERROR qr aa rd", "no answer", "NOERROR qr aa rd"]); // prettier-ignore
    const late = await running(" erratic {\n  delay 1 2s\n  truncate 1\n }");
    expect(late.timed("x.").seconds).toBe(2);
    expect(late.dig("x.")).toEqual(["NOERROR qr aa tc rd", "answer x. 0 A 192.0.2.53"]);
    expect(late.dig("x.", "TXT")[0]).toBe("SERVFAIL qr rd");
  });
});

describe("auto and root", () => {
  test("zones come and go with their files", async () => {
    const world = new DnsWorld();
    world.write("dns", "/zones/db.example.org", ZONE);
    world.write("dns", "/zones/notes.txt", "nothing");
    await world.start(". {\n root /zones\n auto org {\n  directory .\n  reload 10s\n }\n whoami\n}\n");
    expect(world.logs()).toContain("[INFO] plugin/auto: Inserting zone `example.org.' from: /zones/./db.example.org");
    expect(world.dig("www.example.org").slice(0, 2)).toEqual(["NOERROR qr aa rd", "answer www.example.org. 60 A 10.7.7.7"]);
    expect(world.dig("x.example.org")[0]).toBe("NXDOMAIN qr aa rd");
    world.hosts.host("dns")!.files.unlink("/zones/db.example.org");
    await world.pass(11);
    expect(world.dig("www.example.org")[0]).toBe("NOERROR qr aa rd");
    expect(world.dig("www.example.org")[1]).toMatch(/^additional /);
    expect(world.logs()).toContain("[INFO] plugin/auto: Deleting zone `example.org.'");
  }); // prettier-ignore

  test("a zone file's path begins at root", async () => {
    const world = new DnsWorld();
    world.write("dns", "/zones/db.example.org", ZONE);
    await world.start(". {\n root /zones\n file db.example.org example.org\n}\n");
    expect(world.dig("www.example.org")[1]).toBe("answer www.example.org. 60 A 10.7.7.7");
  });
});

test.each(DIRECTIVES.filter((name) => pluginNamed(name) === undefined))(
  "%s is CoreDNS's, but not simulated: it says so and does not start",
  async (name) => {
    const world = await running(` ${name}\n whoami`);
    expect(world.logs().slice(1)).toEqual([`2> drydock: coredns: plugin '${name}' is not simulated`]);
    expect(world.exit).toEqual({ code: 64 });
  },
);
