import { describe, expect, test } from "vitest";
import { DnsWorld } from "../testing.ts";

async function running(block: string, head = "ANY A", rest = ""): Promise<DnsWorld> {
  const world = await new DnsWorld().start(`. {\n errors\n template ${head} {\n${block}\n }\n${rest}\n}\n`);
  world.logs();
  return world;
}

describe("template", () => {
  test("answers with the parts of the name", async () => {
    const world = await running(
      '  match "^ip-(?P<a>[0-9]*)-(?P<b>[0-9]*)-([0-9]*)-(?P<d>[0-9]*)[.]example[.]$"\n  answer "{{ .Name }} 60 IN A {{ .Group.a }}.{{ .Group.b }}.{{ index .Match 3 }}.{{ .Group.d }}"\n  fallthrough',
      "IN A example",
      " whoami",
    );
    expect(world.dig("IP-10-0-0-7.example")).toEqual(["NOERROR qr aa rd", "answer ip-10-0-0-7.example. 60 A 10.0.0.7"]);
    expect(world.dig("other.example")[0]).toBe("NOERROR qr aa rd");
    expect(world.dig("ip-1-2-3-4.example", "AAAA")[1]).toBe("additional ip-1-2-3-4.example. 0 A 10.0.0.3");
  });

  test("what does not match fails, what makes no record too", async () => {
    const world = await running('  match "^a[.]$"\n  answer "{{ .Name }} 60 IN A {{ .Name }}"');
    expect(world.dig("b.")).toEqual(["SERVFAIL qr rd"]);
    expect(world.logs()).toEqual([]);
    expect(world.dig("a.")).toEqual(["SERVFAIL qr rd"]);
    expect(world.logs()).toEqual(['[ERROR] plugin/errors: 2 a. A: dns: bad A A: "a."']);
  });

  test("codes and authorities", async () => {
    const world = await running(
      '  rcode NXDOMAIN\n  authority "{{ .Zone }} 60 IN SOA ns.{{ .Zone }} host.{{ .Zone }} (1 60 60 60 60)"',
      "ANY ANY gone.test",
    );
    expect(world.dig("x.gone.test", "TXT")).toEqual([
      "NXDOMAIN qr aa rd",
      "authority gone.test. 60 SOA ns.gone.test. host.gone.test. 1 60 60 60 60",
    ]);
    expect(world.dig("x.other.test")).toEqual(["SERVFAIL qr rd"]);
  });

  test("CNAMEs are followed", async () => {
    const world = new DnsWorld();
    world.upstream = { "b.test. A": { answers: [{ name: "b.test.", ttl: 9, type: "A", address: "1.1.1.1" }] } };
    await world.start(
      'a.test {\n template IN ANY {\n  answer "{{ .Name }} 60 IN CNAME b.test."\n }\n}\n. {\n forward . 10.0.0.53\n}\n',
    );
    expect(world.dig("a.test")).toEqual([
      "NOERROR qr aa rd",
      "answer a.test. 60 CNAME b.test.",
      "answer b.test. 9 A 1.1.1.1",
    ]);
  });

  test.each([
    [
      "ANY",
      "",
      "/etc/coredns/Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'ANY'",
    ],
    ["XX A", "", "/etc/coredns/Corefile:3 - Error during parsing: invalid query class XX"],
    ["IN XX", "", "/etc/coredns/Corefile:3 - Error during parsing: invalid RR class XX"],
    [
      "IN A",
      '  match "("',
      "/etc/coredns/Corefile:4 - Error during parsing: could not parse regex: (, error parsing regexp: missing closing ): `(`",
    ],
    ["IN A", "  rcode NOPE", "/etc/coredns/Corefile:4 - Error during parsing: unknown rcode NOPE"],
  ])("%s %s is refused", async (head, block, error) => {
    const world = await new DnsWorld().start(
      `. {\n errors\n template ${head}${block === "" ? "" : ` {\n${block}\n }`}\n}\n`,
    );
    expect(world.logs().at(-1)).toBe(`2> plugin/template: ${error}`);
  });

  test("more of Go's templates is not simulated", async () => {
    const world = await new DnsWorld().start('. {\n template IN A {\n  answer "{{ if .Name }}x{{ end }}"\n }\n}\n');
    expect([world.logs().at(-1), world.exit]).toEqual([
      "2> drydock: coredns: template action 'if .Name' is not simulated",
      { code: 64 },
    ]);
  });
});
