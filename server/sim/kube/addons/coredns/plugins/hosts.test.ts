import { describe, expect, test } from "vitest";
import { DnsWorld } from "../testing.ts";

async function running(text: string, files: Record<string, string> = {}): Promise<DnsWorld> {
  const world = new DnsWorld();
  world.upstream = { "a.test. A": { answers: [{ name: "a.test.", ttl: 60, type: "A", address: "1.1.1.1" }] } };
  for (const [path, content] of Object.entries(files)) world.write("dns", path, content);
  await world.start(text);
  world.logs();
  return world;
}

describe("hosts", () => {
  const text = `. {
  errors
  hosts {
    10.0.0.1 a.test A2.test
    10.0.0.2 a.test
    fd00::1 b.test
    ttl 60
    fallthrough
  }
  forward . 10.0.0.53
}
`;

  test("answers for its names in small letters, and for their addresses", async () => {
    const world = await running(text);
    expect(world.dig("A.test")).toEqual([
      "NOERROR qr aa rd",
      "answer a.test. 60 A 10.0.0.1",
      "answer a.test. 60 A 10.0.0.2",
    ]);
    expect(world.dig("a2.test")[1]).toBe("answer a2.test. 60 A 10.0.0.1");
    expect(world.dig("b.test", "AAAA")[1]).toBe("answer b.test. 60 AAAA fd00::1");
    expect(world.dig("b.test", "A")).toEqual(["NOERROR qr aa rd"]);
    expect(world.dig("1.0.0.10.in-addr.arpa", "PTR")).toEqual([
      "NOERROR qr aa rd",
      "answer 1.0.0.10.in-addr.arpa. 60 PTR a.test.",
      "answer 1.0.0.10.in-addr.arpa. 60 PTR a2.test.",
    ]);
  });

  test("other names fall through, or fail", async () => {
    expect((await running(text)).dig("c.test")).toEqual(["NXDOMAIN qr rd ra"]);
    const strict = await running(text.replace("    fallthrough\n", ""));
    expect(strict.dig("c.test")).toEqual(["SERVFAIL qr rd"]);
    expect(strict.dig("9.9.9.9.in-addr.arpa", "PTR")).toEqual(["NXDOMAIN qr rd ra"]);
  });

  test("a file counts too, from the next time that it is read", async () => {
    const world = await running(". {\n hosts /etc/more test {\n  no_reverse\n  reload 10s\n }\n}\n", {
      "/etc/more": "10.1.1.1 a.test b.other\n",
    });
    expect(world.dig("a.test")[1]).toBe("answer a.test. 3600 A 10.1.1.1");
    expect(world.dig("b.other")).toEqual(["SERVFAIL qr rd"]);
    expect(world.dig("1.1.1.10.in-addr.arpa", "PTR")).toEqual(["SERVFAIL qr rd"]);
    world.write("dns", "/etc/more", "10.1.1.2 a.test\n");
    expect(world.dig("a.test")[1]).toBe("answer a.test. 3600 A 10.1.1.1");
    await world.pass(10);
    expect(world.dig("a.test")[1]).toBe("answer a.test. 3600 A 10.1.1.2");
  });

  test("what it does not understand", async () => {
    const wrong = async (block: string): Promise<string | undefined> =>
      (await new DnsWorld().start(`. {\n hosts {\n${block}\n }\n}\n`)).logs().at(-1);
    expect(await wrong("  ttl x")).toBe(
      "2> plugin/hosts: /etc/coredns/Corefile:3 - Error during parsing: ttl needs a number of second",
    );
    expect(await wrong("  fallthrough\n  10.0.0.1 a")).toBe(
      "2> plugin/hosts: /etc/coredns/Corefile:4 - Error during parsing: unknown property '10.0.0.1'",
    );
  });
});
