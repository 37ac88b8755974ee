import { beforeAll, describe, expect, test } from "vitest";
import type { RecordType } from "../../../../net/index.ts";
import { DnsWorld } from "../testing.ts";

const ZONE = `$TTL 30m
$ORIGIN example.org.
@   IN SOA ns.icann.org. noc.dns.icann.org. (
        2024010101 ; serial
        7200 3600 1209600 3600 )
    IN NS  a.iana-servers.net.
www 60 IN A 10.0.0.1
    IN AAAA fd00::1
web IN CNAME www
out CNAME elsewhere.test.
*.wild IN TXT "some \\"text\\"" more
mx  IN MX 10 www
sub IN NS ns.sub
ns.sub IN A 10.0.0.9
a.b IN A 10.0.0.2
`;
const SOA = "example.org. 1800 SOA ns.icann.org. noc.dns.icann.org. 2024010101 7200 3600 1209600 3600";
const NS = "authority example.org. 1800 NS a.iana-servers.net.";

describe("file", () => {
  let world: DnsWorld;
  beforeAll(async () => {
    world = new DnsWorld();
    world.upstream = {
      "elsewhere.test. A": { answers: [{ name: "elsewhere.test.", ttl: 9, type: "A", address: "1.1.1.1" }] },
    };
    world.write("dns", "/etc/coredns/db.example", ZONE);
    await world.start(". {\n file /etc/coredns/db.example example.org\n forward . 10.0.0.53\n}\n");
  });

  test.each<[string, RecordType, readonly string[]]>([
    ["example.org", "SOA", ["NOERROR qr aa rd", `answer ${SOA}`, NS]],
    ["example.org", "NS", ["NOERROR qr aa rd", NS.replace("authority", "answer")]],
    ["WWW.example.org", "A", ["NOERROR qr aa rd", "answer WWW.example.org. 60 A 10.0.0.1", NS]],
    ["www.example.org", "TXT", ["NOERROR qr aa rd", `authority ${SOA}`]],
    [
      "web.example.org",
      "AAAA",
      [
        "NOERROR qr aa rd",
        "answer web.example.org. 1800 CNAME www.example.org.",
        "answer www.example.org. 1800 AAAA fd00::1",
        NS,
      ],
    ],
    [
      "out.example.org",
      "A",
      ["NOERROR qr aa rd", "answer out.example.org. 1800 CNAME elsewhere.test.", "answer elsewhere.test. 9 A 1.1.1.1"],
    ],
    ["x.wild.example.org", "TXT", ["NOERROR qr aa rd", 'answer x.wild.example.org. 1800 TXT some "text" more', NS]],
    [
      "mx.example.org",
      "MX",
      [
        "NOERROR qr aa rd",
        "answer mx.example.org. 1800 MX 10 www.example.org.",
        NS,
        "additional www.example.org. 60 A 10.0.0.1",
        "additional www.example.org. 1800 AAAA fd00::1",
      ],
    ],
    ["b.example.org", "A", ["NOERROR qr aa rd", `authority ${SOA}`]],
    ["none.example.org", "A", ["NXDOMAIN qr aa rd", `authority ${SOA}`]],
    [
      "x.sub.example.org",
      "A",
      [
        "NOERROR qr rd",
        "authority sub.example.org. 1800 NS ns.sub.example.org.",
        "additional ns.sub.example.org. 1800 A 10.0.0.9",
      ],
    ],
    ["other.test", "A", ["NXDOMAIN qr rd ra"]],
  ])("%s %s", (name, type, expected) => {
    expect(world.dig(name, type)).toEqual(expected);
  });

  test("another text counts when its serial is another", async () => {
    world.write("dns", "/etc/coredns/db.example", ZONE.replace("10.0.0.1", "10.0.0.7"));
    await world.pass(61);
    expect(world.dig("www.example.org")[1]).toBe("answer www.example.org. 60 A 10.0.0.1");
    world.write(
      "dns",
      "/etc/coredns/db.example",
      ZONE.replace("10.0.0.1", "10.0.0.7").replace("2024010101", "2024010102"),
    );
    await world.pass(61);
    expect(world.dig("www.example.org")[1]).toBe("answer www.example.org. 60 A 10.0.0.7");
    expect(world.logs().at(-1)).toBe(
      '[INFO] plugin/file: Successfully reloaded zone "example.org." in "/etc/coredns/db.example" with 2024010102 SOA serial',
    );
  });

  test("a zone needs a SOA record; a missing file is tried again", async () => {
    const wrong = new DnsWorld();
    wrong.write("dns", "/db", "www.example.org. 60 IN A 10.0.0.1\n");
    await wrong.start("example.org {\n file /db\n}\n");
    expect(wrong.logs().at(-1)).toBe('2> plugin/file: file "/db" has no SOA record for origin example.org.');
    const late = await new DnsWorld().start("example.org {\n file /late\n}\n");
    expect(late.logs()[1]).toBe(
      '[WARNING] plugin/file: Failed to open "open /late: no such file or directory": trying again in 1m0s',
    );
    expect(late.dig("www.example.org")).toEqual(["SERVFAIL qr rd"]);
    late.write("dns", "/late", ZONE);
    expect(late.dig("www.example.org")[0]).toBe("NOERROR qr aa rd");
  });
});
