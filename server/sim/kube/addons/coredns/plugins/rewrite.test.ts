import { describe, expect, test } from "vitest";
import type { DnsRecord, RecordType } from "../../../../net/index.ts";
import { DnsWorld } from "../testing.ts";

const address = (name: string, ttl = 60): DnsRecord => ({ name, ttl, type: "A", address: "1.1.1.1" });

async function ask(
  rules: string,
  name: string,
  answers: readonly DnsRecord[],
  type: RecordType = "A",
): Promise<unknown> {
  const world = new DnsWorld();
  const target = answers[0]?.name ?? "nothing.";
  world.upstream = { [`${target} A`]: { answers }, [`${target} AAAA`]: { answers } };
  await world.start(`. {\n errors\n${rules}\n forward . 10.0.0.53\n}\n`);
  const asked = world.ask(name, type);
  return [world.asked.at(-1), typeof asked === "string" ? asked : asked.questions[0]!.name, ...world.dig(name, type)];
}

describe("rewrite", () => {
  test.each<[string, string, string, string]>([
    // rule, name asked for, name that upstream is asked for, name in the answer
    ["rewrite name a.test b.test", "a.test.", "b.test.", "a.test."],
    ["rewrite name exact A.test b.test", "a.test.", "b.test.", "a.test."],
    ["rewrite name prefix foo bar", "foo.x.", "bar.x.", "bar.x."],
    ["rewrite stop name prefix foo bar answer auto", "foo.x.", "bar.x.", "foo.x."],
    ["rewrite name suffix .old.test .default.svc", "web.old.test.", "web.default.svc.", "web.default.svc."],
    ["rewrite name suffix .old.test .new.test answer auto", "web.old.test.", "web.new.test.", "web.old.test."],
    ["rewrite name substring old new answer auto", "a.old.test.", "a.new.test.", "a.old.test."],
    ["rewrite name substring .old. .new. answer auto", "a.old.test.", "a.new.test.", "a.old.test."],
    ["rewrite name regex (.*)\\.old\\.test {1}.new.test", "a.b.old.test.", "a.b.new.test.", "a.b.new.test."],
    ["rewrite name regex (.*)\\.old\\.test {1}.new.test answer auto", "x.old.test.", "x.new.test.", "x.old.test."],
    [
      "rewrite name regex (.*)\\.old\\.test {1}.new.test answer name (.*)\\.new\\.test {1}.old.test",
      "x.old.test.",
      "x.new.test.",
      "x.old.test.",
    ],
    [
      "rewrite {\n name regex (.*)-(.*)\\.test {2}-{1}.test\n answer name (.*)-(.*)\\.test {2}-{1}.test\n }",
      "a-b.test.",
      "b-a.test.",
      "a-b.test.",
    ],
    ["rewrite continue name a.test b.test\n rewrite name b.test c.test", "a.test.", "c.test.", "a.test."],
    ["rewrite name a.test b.test\n rewrite name b.test c.test", "a.test.", "b.test.", "a.test."],
  ])("%s: %s", async (rules, name, upstream, answer) => {
    expect(await ask(` ${rules}`, name, [address(upstream)])).toEqual([
      `${upstream} A`,
      name,
      "NOERROR qr rd ra",
      `answer ${answer} 60 A 1.1.1.1`,
    ]);
  });

  test("types, and TTLs of answers", async () => {
    expect(await ask(" rewrite type AAAA A", "a.", [address("a.")], "AAAA")).toEqual([
      "a. A",
      "a.",
      "NOERROR qr rd ra",
      "answer a. 60 A 1.1.1.1",
    ]);
    expect(await ask(" rewrite ttl a. 5", "a.", [address("a.")])).toContain("answer a. 5 A 1.1.1.1");
    expect(await ask(" rewrite ttl suffix a 100-200", "a.", [address("a.")])).toContain("answer a. 100 A 1.1.1.1");
    expect(await ask(" rewrite ttl a. -30", "a.", [address("a.")])).toContain("answer a. 30 A 1.1.1.1");
  });

  test("values that point to the new name are changed back", async () => {
    const answers: DnsRecord[] = [
      { name: "b.test.", ttl: 60, type: "CNAME", target: "x.b.test." },
      { ...address("x.b.test.") },
    ];
    expect(await ask(" rewrite name a.test b.test", "a.test.", answers)).toEqual([
      "b.test. A",
      "a.test.",
      "NOERROR qr rd ra",
      "answer a.test. 60 CNAME x.a.test.",
      "answer x.a.test. 60 A 1.1.1.1",
    ]);
  });

  test("errors answer the question as it was asked", async () => {
    const world = new DnsWorld();
    world.cut("upstream");
    await world.start(". {\n rewrite name a.test b.test\n forward . 10.0.0.53\n}\n");
    expect(world.ask("a.test")).toMatchObject({ rcode: "SERVFAIL", questions: [{ name: "a.test." }] });
  });

  test.each([
    ["name a", "too few arguments for a name rule"],
    [
      "name glob a b",
      "name rule supports only exact, prefix, suffix, substring, and regex name matching, received: glob",
    ],
    [
      "name regex a {1}",
      "the rewrite regex pattern ({1}) uses more subexpressions than its corresponding matching regex pattern (a)",
    ],
    ["name exact a b auto x", "exceeded the number of arguments for a non-answer rule argument for exact rule"],
    ["name suffix a b answer", "invalid arguments for suffix rule"],
    ["name suffix a b answer other x", 'invalid type "other" for answer rule for suffix rule'],
    ["type A", "type rules must have exactly two arguments"],
    ["type A B", 'invalid type "B"'],
    ["answer name a b", "response rewrites must begin with a name rule"],
    ["what a b", 'invalid rule type "what"'],
  ])("%s is refused", async (rule, error) => {
    const world = await new DnsWorld().start(`. {\n rewrite ${rule}\n}\n`);
    expect(world.logs().at(-1)).toBe(`2> plugin/rewrite: ${error}`);
  });
});
