import fc from "fast-check";
import { expect, test } from "vitest";
import { addressText, ipv4, mask } from "../ip.ts";
import { createLink } from "../link/create.ts";
import { linkNamed, machine, must, testNetwork } from "../testing.ts";
import { Packet } from "../walk/packet.ts";
import { CompiledChain } from "./compile.ts";
import { runChain } from "./evaluate.ts";
import type { HookPoint } from "./hook-point.ts";
import { netfilterOf } from "./netfilter.ts";
import { TCP, UDP } from "./protocols.ts";
import type { ChainRow, RuleRow } from "./row.ts";

const ns = machine(testNetwork(), "host");
for (const name of ["eth0", "eth1"]) must(createLink(ns, { kind: "dummy", name }));

// Few values, so that rules and packets meet.
const BASE = ipv4("10.0.0.0");
const host = fc.nat(7).map((number) => addressText(BASE + number));
const masked = fc.record({
  address: host,
  mask: fc.constantFrom(32, 31, 30, 0).map((length) => addressText(mask(length))),
});
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const not = fc.constantFrom(undefined, true as const);
const invertible = <T>(value: fc.Arbitrary<T>) => maybe(fc.record({ value, not }));

const CHAINS = ["INPUT", "A", "B", "C"];

/** Chains jump only to later ones, so that there are no circles. */
function rule(chain: number): fc.Arbitrary<Omit<RuleRow, "id">> {
  const verdict = fc
    .constantFrom("ACCEPT" as const, "DROP" as const, "RETURN" as const)
    .map((name) => ({ kind: "verdict" as const, name }));
  const later = CHAINS.slice(chain + 1);
  const jump = fc
    .constantFrom(...(later.length > 0 ? later : [""]))
    .chain((name) =>
      fc.boolean().map((goto) => ({ kind: "chain" as const, name, ...(goto ? { goto: true as const } : {}) })),
    );
  const mark = fc
    .record({ value: fc.nat(3), mask: fc.constant(0xffff_ffff) })
    .map((options) => ({ kind: "extension" as const, name: "MARK", options }));
  const target = maybe(later.length > 0 ? fc.oneof(verdict, jump, jump, mark) : fc.oneof(verdict, mark));
  const matches = fc.array(
    fc.oneof(
      fc.record({
        name: fc.constant("mark"),
        options: fc.record({ value: fc.nat(3), mask: fc.constant(3), not: fc.boolean() }),
      }),
      fc.constant({ name: "comment", options: { text: "x" } }),
    ),
    { maxLength: 1 },
  );
  return fc.record({
    source: invertible(masked),
    destination: invertible(masked),
    inInterface: invertible(fc.constantFrom("eth0", "eth+", "lo")),
    protocol: invertible(fc.constantFrom(TCP, UDP)),
    matches,
    target,
  });
}

let lastId = 0;
const chain = (at: number): fc.Arbitrary<ChainRow> =>
  // Chains of 24 rules and more have an index by destination.
  fc.array(rule(at), { maxLength: 40, size: "max" }).map((rules) => ({
    name: CHAINS[at]!,
    ...(at === 0 ? { policy: "ACCEPT" as const, counted: true as const } : {}),
    rules: rules.map((row) => ({ id: ++lastId, ...row })),
  }));
const chains = fc.tuple(chain(0), chain(1), chain(2), chain(3));

const packet = fc.record({
  src: fc.nat(7).map((number) => BASE + number),
  dst: fc.nat(7).map((number) => BASE + number),
  protocol: fc.constantFrom(TCP, UDP, 47),
  link: fc.constantFrom("eth0", "eth1", "lo"),
});
type Plain = typeof packet extends fc.Arbitrary<infer T> ? T : never;

interface Result {
  verdict: "accept" | "drop";
  mark: number;
  counted: number[];
}

/** As ip_tables(8) describes it, rule by rule. */
function naive(rows: readonly ChainRow[], plain: Plain): Result {
  const result: Result = { verdict: "accept", mark: 0, counted: [] };
  const fits = (given: { not?: true } | undefined, holds: boolean): boolean => !given || holds === !given.not;
  const inside = (address: number, wish: { address: string; mask: string }): boolean =>
    (address & ipv4(wish.mask)) === (ipv4(wish.address) & ipv4(wish.mask));
  const walk = (name: string): "accept" | "drop" | "return" => {
    for (const row of rows.find((one) => one.name === name)!.rules) {
      const { source, destination, protocol, inInterface, matches, target } = row;
      if (!fits(source, !source || inside(plain.src, source.value))) continue;
      if (!fits(destination, !destination || inside(plain.dst, destination.value))) continue;
      if (!fits(protocol, protocol?.value === plain.protocol)) continue;
      const pattern = inInterface?.value ?? "";
      if (!fits(inInterface, pattern === "eth+" ? plain.link.startsWith("eth") : pattern === plain.link)) continue;
      const marks = matches
        .filter((match) => match.name === "mark")
        .map((match) => match.options as { value: number; not: boolean });
      if (marks.some((wish) => (result.mark === wish.value) === wish.not)) continue;
      result.counted.push(row.id);
      if (!target) continue;
      if (target.kind === "extension") result.mark = (target.options as { value: number }).value;
      else if (target.kind === "verdict")
        return target.name === "ACCEPT" ? "accept" : target.name === "DROP" ? "drop" : "return";
      else {
        const below = walk(target.name);
        if (below !== "return") return below;
        if (target.goto) return "return";
      }
    }
    return "return";
  };
  result.verdict = walk("INPUT") === "drop" ? "drop" : "accept";
  return result;
}

function compiled(rows: readonly ChainRow[], plain: Plain): Result {
  const netfilter = netfilterOf(ns);
  netfilter.filter.chains.clear();
  netfilter.counters.clear();
  for (const row of rows) netfilter.filter.chains.set(row.name, row);
  const made = new Packet();
  Object.assign(made, { src: plain.src, dst: plain.dst, protocol: plain.protocol });
  const order: number[] = [];
  const count = netfilter.count.bind(netfilter);
  netfilter.count = (id, packets, bytes) => {
    order.push(id);
    count(id, packets, bytes);
  };
  const at: HookPoint = {
    ns,
    hook: "INPUT",
    table: "filter",
    in: linkNamed(ns, plain.link),
    out: undefined,
    reject: undefined,
    rule: 0,
    log: () => {},
    translate: () => false,
  };
  const verdict = runChain(netfilter, netfilter.filter, made, at, { effect: () => {}, policy: () => {} });
  netfilter.count = count;
  expect(new Set(netfilter.counters.keys())).toEqual(new Set(order));
  return { verdict, mark: made.mark, counted: order };
}

test("compiled rules do what the rules say", () => {
  fc.assert(
    fc.property(chains, fc.array(packet, { minLength: 5, maxLength: 10 }), (rows, packets) => {
      for (const plain of packets) expect(compiled(rows, plain)).toEqual(naive(rows, plain));
    }),
    { numRuns: 200, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false },
  );
});

test("a long chain's index names, from any rule on, the next that may fit", () => {
  fc.assert(
    fc.property(chain(0), packet, fc.nat(40), (row, plain, from) => {
      const made = new CompiledChain(row);
      const may = (at: number): boolean => {
        const { destination } = row.rules[at]!;
        if (!destination || destination.not || destination.value.mask !== "255.255.255.255") return true;
        return ipv4(destination.value.address) === plain.dst;
      };
      const next = made.next(from, plain.dst);
      for (let at = from; at < Math.min(next, row.rules.length); at++) expect(may(at)).toBe(false);
      if (row.rules.length >= 24 && next < row.rules.length) expect(may(next)).toBe(true);
    }),
  );
});
