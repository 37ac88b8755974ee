import { describe, expect, test } from "vitest";
import { machine, listen, testNetwork } from "../testing.ts";
import { connect } from "../transport/connect.ts";
import { exchangeDatagram } from "../transport/datagram.ts";
import { exchange } from "../transport/exchange.ts";
import { encodeToFit } from "./fit.ts";
import { dnsQuery, dnsReply, type DnsMessage, type DnsRecord, type Edns } from "./message.ts";
import { decodeDns, encodeDns } from "./wire.ts";

const hex = (bytes: string): string =>
  [...bytes].map((char) => char.charCodeAt(0).toString(16).padStart(2, "0")).join("");

/** As dig asks: a cookie of eight bytes. */
const EDNS: Edns = { udpSize: 1232, dnssecOk: false, options: [{ code: 10, data: "12345678" }] };

const record = (name: string, address: string): DnsRecord => ({ name, type: "A", ttl: 30, address });

describe("on the wire", () => {
  test("a query, byte by byte", () => {
    expect(hex(encodeDns(dnsQuery(0x1234, "a.bc", "A")))).toBe("12340100000100000000000001610262630000010001");
  });

  /** `MSG SIZE  rcvd` in golden/dns/dig-*.t */
  test.each<[string, DnsMessage, number]>([
    [
      "an answer of CoreDNS",
      dnsReply(dnsQuery(1, "web.default.svc.cluster.local", "A", { edns: EDNS }), {
        answers: [record("web.default.svc.cluster.local.", "10.96.45.12")],
        edns: EDNS,
      }),
      115,
    ],
    [
      "a name that does not exist",
      dnsReply(dnsQuery(1, "nosuch.default.svc.cluster.local", "A"), {
        rcode: "NXDOMAIN",
        authorities: [
          {
            name: "cluster.local.",
            ttl: 30,
            type: "SOA",
            mname: "ns.dns.cluster.local.",
            rname: "hostmaster.cluster.local.",
            serial: 1_700_000_000,
            refresh: 7200,
            retry: 1800,
            expire: 86400,
            minimum: 30,
          },
        ],
        edns: EDNS,
      }),
      166,
    ],
    ["a refusal", dnsReply(dnsQuery(1, "refused.example.com", "A"), { rcode: "REFUSED", edns: EDNS }), 60],
  ])("%s is as long as the real one", (_, message, size) => {
    expect(encodeDns(message)).toHaveLength(size);
    expect(decodeDns(encodeDns(message))).toEqual(message);
  });

  test("names are compressed on demand", () => {
    const message = dnsReply(dnsQuery(1, "www.example.com", "A"), {
      answers: [
        { name: "www.example.com.", ttl: 60, type: "CNAME", target: "example.com." },
        record("example.com.", "203.0.113.80"),
      ],
    });
    const bytes = encodeDns(message, { compress: true });
    expect(bytes.length).toBe(12 + 21 + 12 + 2 + 12 + 4);
    expect(decodeDns(bytes)).toEqual(message);
  });

  test("what is no message", () => {
    const bytes = encodeDns(dnsQuery(1, "web", "A"));
    expect(decodeDns("")).toBeUndefined();
    expect(decodeDns(bytes.slice(0, -1))).toBeUndefined();
    // A name that points to itself.
    expect(decodeDns(`${bytes.slice(0, 12)}\xc0\x0c\0\x01\0\x01`)).toBeUndefined();
  });
});

describe("a message that is too long", () => {
  const names = Array.from({ length: 60 }, (_, at) => `pod-${at}.web.default.svc.cluster.local.`);
  const message = dnsReply(dnsQuery(1, "web.default.svc.cluster.local", "A"), {
    answers: names.map((name) => record(name, "10.244.0.1")),
    additionals: [record("additional.", "10.0.0.1")],
  });

  test("keeps as many records as have room, and says that some are missing", () => {
    const bytes = encodeToFit(message, 512, 1480);
    const { answers, additionals, truncated } = decodeDns(bytes)!;
    expect([answers.length, additionals.length, truncated]).toEqual([20, 0, true]);
    expect(bytes.length).toBeLessThanOrEqual(512);
    expect(answers).toEqual(message.answers.slice(0, 20));
  });

  test("is whole where compression makes room", () => {
    expect(decodeDns(encodeToFit(message, 4096, 1480))).toEqual(message);
    expect(encodeToFit(message, 4096, 1480).length).toBeLessThan(encodeToFit(message, 4096, 4096).length);
  });
});

test("a server answers datagrams and streams; over TCP everything fits", () => {
  const ns = machine(testNetwork(), "host");
  const addresses = Array.from({ length: 100 }, (_, at) => `10.0.0.${at}`);
  ns.network.serve("names", {
    dns: (query) =>
      query.questions[0]!.name === "drop."
        ? undefined
        : { message: dnsReply(query, { answers: addresses.map((text) => record(query.questions[0]!.name, text)) }) },
  });
  listen(ns, 53, { application: "names" });
  listen(ns, 53, { protocol: "udp", application: "names" });
  const to = { to: "127.0.0.1", port: 53 };
  const [answer] = exchangeDatagram(ns, to, encodeDns(dnsQuery(7, "web", "A"))).answers;
  expect(decodeDns(answer!.bytes)).toMatchObject({ id: 7, truncated: true });
  expect(exchangeDatagram(ns, to, encodeDns(dnsQuery(7, "drop", "A"))).outcome).toBe("no answer");
  expect(exchangeDatagram(ns, to, "no DNS").outcome).toBe("no answer");
  const query = encodeDns(dnsQuery(8, "web", "A"));
  const framed = String.fromCharCode(0, query.length) + query;
  const { bytes } = exchange(connect(ns, to).connection!, framed + framed, (received) => received !== "");
  const length = (bytes.charCodeAt(0) << 8) | bytes.charCodeAt(1);
  expect(bytes).toHaveLength(2 * (2 + length));
  expect(decodeDns(bytes.slice(2, 2 + length))?.answers).toHaveLength(100);
});
