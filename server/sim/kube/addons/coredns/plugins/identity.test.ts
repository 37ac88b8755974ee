import { describe, expect, test } from "vitest";
import { DnsWorld } from "../testing.ts";

async function running(lines: string): Promise<DnsWorld> {
  const world = new DnsWorld();
  world.upstream = { "a. A": { answers: [{ name: "a.", ttl: 60, type: "A", address: "10.1.1.1" }] } };
  await world.start(`. {\n${lines}\n forward . 10.0.0.53\n}\n`);
  world.logs();
  return world;
}

describe("header", () => {
  test("sets and clears flags of answers, and of queries before they go on", async () => {
    const world = await running(" header {\n  response set aa\n  response clear ra rd\n }");
    expect(world.dig("a.")[0]).toBe("NOERROR qr aa");
    const older = await running(" header {\n  set aa\n }");
    expect(older.dig("a.")[0]).toBe("NOERROR qr aa rd ra");
  });

  test.each([
    ["header {\n  x aa\n }", "plugin/header: setting up rule: invalid selector=x should be query or response"],
    ["header {\n  response\n }", "plugin/header: setting up rule: no flag action provided"],
    ["header {\n  response set\n }", "plugin/header: setting up rule: invalid length for flags, at least one should be provided"],
    ["header {\n  response turn aa\n }", "plugin/header: setting up rule: unknown flag action=turn, should be set or clear"],
    ["header {\n  set zz\n }", "plugin/header: setting up rule: unknown/unsupported flag=zz"],
    ["header", "plugin/header: Corefile:2 - Error during parsing: Wrong argument count or unexpected line ending after 'header'"],
    ["bufsize 100", "plugin/bufsize: plugin/bufsize: Corefile:2 - Error during parsing: Wrong argument count or unexpected line ending after '100'"],
    ["errors {\n  consolidate 5m\n }", "plugin/errors: Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after '5m'"],
    ["errors {\n  consolidate 5m .* loud\n }", "plugin/errors: Corefile:3 - Error during parsing: unknown log level argument in consolidate: loud"],
  ])("%s is refused", async (lines, message) => {
    const world = new DnsWorld();
    await world.start(`. {\n ${lines}\n}\n`);
    expect(world.logs().join("\n").replaceAll("/etc/coredns/", "")).toContain(message);
  }); // prettier-ignore
});

test("errors of a kind are counted, and told of when their time is over", async () => {
  const world = await running(' errors {\n  consolidate 1m ".* i/o timeout$" warning\n }');
  world.cut("upstream");
  for (let count = 0; count < 3; count++) world.dig("x.b.");
  const before = world.logs();
  await world.pass(70);
  const after = world.logs();
  expect([before, after]).toEqual([
    [],
    ["[WARNING] plugin/errors: 3 errors like '.* i/o timeout$' occurred in last 1m0s"],
  ]);
});
