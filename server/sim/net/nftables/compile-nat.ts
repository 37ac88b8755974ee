import { addressesOf } from "../local.ts";
import { address, LOOPBACK, LOOPBACK6, type Address } from "../ip.ts";
import type { HookPoint, NatWish } from "../netfilter/hook-point.ts";
import { selectSource } from "../route/source.ts";
import type { Packet } from "../walk/packet.ts";
import { BREAK, type Step } from "./step.ts";
import { primitive, type Primitive } from "./data-type.ts";
import { compileValues, type Place } from "./evaluate-expression.ts";
import type { Expression, Statement } from "./row.ts";

type Nat = Extract<Statement, { kind: "nat" }>;
type Range = { readonly low: readonly Primitive[]; readonly high: readonly Primitive[] };
type Ranges = (packet: Packet, place: Place) => Range | undefined;

/** A translation of addresses (nft_nat, nft_masq, nft_redir): the flow's, decided once, ends the rule. */
export function compileNat(nat: Nat, rule: number): Step {
  const manip = nat.verb === "dnat" || nat.verb === "redirect" ? "destination" : "source";
  const addresses = nat.address && compileRange(nat.address, rule);
  const ports = nat.port && compileRange(nat.port, rule);
  const flags = {
    random: nat.flags.includes("random"),
    randomFully: nat.flags.includes("fully-random"),
    persistent: nat.flags.includes("persistent"),
  };
  return (packet, place) => {
    const to = addresses?.(packet, place);
    const port = ports?.(packet, place);
    if ((addresses && !to) || (ports && !port)) return BREAK;
    const own = nat.verb === "masquerade" || nat.verb === "redirect" ? ownAddress(nat.verb, packet, place.at) : {};
    if (!own) return { verdict: "drop" };
    const wish: NatWish = { manip, ...flags, ...own, ...addressWish(to), ...portWish(port, to) };
    return { verdict: place.at.translate(packet, wish) ? "accept" : "drop" };
  };
}

function addressWish(to: Range | undefined): Partial<NatWish> {
  if (!to) return {};
  return { from: asAddress(to.low[0]!), to: asAddress(to.high[0]!) };
}

/** The port of `ADDRESS . PORT`, or the one behind the colon. */
function portWish(port: Range | undefined, to: Range | undefined): Partial<NatWish> {
  const [low, high] = port ? [port.low[0], port.high[0]] : [to?.low[1], to?.high[1]];
  return typeof low === "number" && typeof high === "number" ? { minPort: low, maxPort: high } : {};
}

function asAddress(value: Primitive): Address {
  return typeof value === "bigint" ? value : Number(value) | 0;
}

function compileRange(expression: Expression, rule: number): Ranges {
  if (expression.kind === "range") {
    const range = {
      low: [primitive(expression.from, expression.type)],
      high: [primitive(expression.to, expression.type)],
    };
    return () => range;
  }
  const values = compileValues(expression, rule);
  return (packet, place) => {
    const found = values(packet, place);
    return found && { low: found, high: found };
  };
}

/** What masquerade and redirect mean at this place. */
function ownAddress(verb: "masquerade" | "redirect", packet: Packet, at: HookPoint): Partial<NatWish> | undefined {
  if (verb === "masquerade") {
    const source = at.out && selectSource(at.ns, at.out.index, packet.dst, "global");
    return source === undefined ? undefined : { from: source, to: source, masqueradeLink: at.out!.index };
  }
  const family = typeof packet.dst === "number" ? 4 : 6;
  if (at.hook === "OUTPUT") {
    const loopback = family === 4 ? LOOPBACK : LOOPBACK6;
    return { from: loopback, to: loopback };
  }
  const row = at.in && addressesOf(at.ns, at.in.index).find((own) => own.family === family);
  return row && { from: address(row.local), to: address(row.local) };
}
