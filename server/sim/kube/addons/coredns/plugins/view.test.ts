import { describe, expect, test } from "vitest";
import { DnsWorld } from "../testing.ts";

const block = (expression: string, address: string, name = "v"): string =>
  `. {\n view ${name} {\n  expr ${expression}\n }\n prometheus 0.0.0.0:9153\n hosts {\n  ${address} test.\n  fallthrough\n }\n}\n`;
const LAST = ". {\n hosts {\n  10.9.9.9 test.\n }\n}\n";

async function answerOf(expression: string): Promise<string> {
  const world = await new DnsWorld().start(block(expression, "10.1.1.1") + LAST);
  return world.dig("test")[1]?.split(" ").at(-1) ?? "none";
}

describe("view", () => {
  test.each([
    ["incidr(client_ip(), '10.0.0.0/24')", "10.1.1.1"],
    ["incidr(client_ip(), '192.168.0.0/16')", "10.9.9.9"],
    ["type() in ['A', 'AAAA'] && not (proto() == 'tcp')", "10.1.1.1"],
    ["type() not in ['A', 'AAAA'] or name() startsWith 'x'", "10.9.9.9"],
    ["name() matches '^te.t\\\\.$'", "10.1.1.1"],
    ["server_port() == '53' and size() < 512 and class() == 'IN'", "10.1.1.1"],
    ["incidr(client_ip(), 'nothing')", "10.9.9.9"],
    ["1 + 2", "10.9.9.9"],
  ])("%s", async (expression, address) => {
    expect(await answerOf(expression)).toBe(address);
  });

  test("the metrics name it", async () => {
    const world = await new DnsWorld().start(block("true", "10.1.1.1", "inside") + LAST);
    world.dig("test");
    expect(world.get("/metrics", 9153)).toContain(
      'coredns_dns_requests_total{family="1",proto="udp",server="dns://:53",type="A",view="inside",zone="."} 1',
    );
  });

  test("a block with one may not stand behind one without", async () => {
    const world = await new DnsWorld().start(LAST + block("true", "10.1.1.1"));
    expect(world.logs().slice(1)).toEqual(["2> cannot serve dns://.:53 - it is already defined"]);
  });

  test.each([
    ["view {\n }", "2> plugin/view: /etc/coredns/Corefile:2 - Error during parsing: Wrong argument count or unexpected line ending after 'view'"],
    ["view a {\n  exp true\n }", "2> plugin/view: /etc/coredns/Corefile:3 - Error during parsing: unknown property 'exp'"],
    ["view a {\n  expr nobody() == 1\n }", "2> plugin/view: unknown name nobody (1:1)"],
    ["view a {\n  expr name() ==\n }", "2> plugin/view: unexpected token EOF (1:10)"],
    ["view a {\n  expr true\n }\n view b {\n  expr true\n }", "2> plugin/view: this plugin can only be used once per Server Block"],
  ])("refuses %j", async (lines, words) => {
    const world = await new DnsWorld().start(`. {\n ${lines}\n whoami\n}\n`);
    expect(world.logs()[1]).toBe(words);
    expect(world.exit).toEqual({ code: 1 });
  }); // prettier-ignore
});
