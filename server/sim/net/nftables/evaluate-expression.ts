import type { HookPoint } from "../netfilter/hook-point.ts";
import type { Packet } from "../walk/packet.ts";
import { primitive, type Primitive } from "./data-type.ts";
import { fieldNamed } from "./field.ts";
import { compileSet, type Found } from "./lookup.ts";
import type { Nftables } from "./nftables.ts";
import type { BinaryOperator, Expression, SetReference } from "./row.ts";

/** Where a packet is, and whose rule looks at it. */
export interface Place {
  readonly at: HookPoint;
  readonly nft: Nftables;
  /** `ip kube-proxy` */
  readonly table: string;
}

/** The parts of an expression's value; undefined where the packet has no such thing. */
export type Values = (packet: Packet, place: Place) => readonly Primitive[] | undefined;

type One = (packet: Packet, place: Place) => Primitive | undefined;

export function compileValues(expression: Expression, rule: number): Values {
  if (expression.kind === "map") return compileMap(expression, rule);
  const parts = expression.kind === "concat" ? expression.parts : [expression];
  const loads = parts.map((part) => compileOne(part, rule));
  if (loads.length === 1) {
    const [load] = loads;
    return (packet, place) => {
      const value = load!(packet, place);
      return value === undefined ? undefined : [value];
    };
  }
  return (packet, place) => {
    const out: Primitive[] = [];
    for (const load of loads) {
      const value = load(packet, place);
      if (value === undefined) return undefined;
      out.push(value);
    }
    return out;
  };
}

function compileMap({ key, map }: Extract<Expression, { kind: "map" }>, rule: number): Values {
  const keys = compileValues(key, rule);
  const find = compileReference(map);
  return (packet, place) => {
    const values = keys(packet, place);
    const found = values && find(values, place);
    return found && "data" in found ? found.data : undefined;
  };
}

/** Looks values up in a set, wherever that stands. */
export function compileReference(
  reference: SetReference,
): (values: readonly Primitive[], place: Place) => Found | undefined {
  if (reference.kind === "anonymous") {
    const set = compileSet(reference.set);
    return (values, { at }) => set.find(values, at.ns.kernel.now);
  }
  const { name } = reference;
  return (values, { nft, table }) => nft.lookup(`${table} ${name}`, values);
}

function compileOne(expression: Expression, rule: number): One {
  switch (expression.kind) {
    case "field": {
      const { load } = fieldNamed(expression.name)!;
      return (packet, { at }) => load(packet, at);
    }
    case "value": {
      const value = primitive(expression.value, expression.type);
      return () => value;
    }
    case "binary":
      return compileBinary(expression, rule);
    case "numgen": {
      const { mode, mod, offset, id } = expression;
      if (mode === "random") return (_, { at }) => offset + at.ns.kernel.random.below(`nft/${at.ns.id}`, mod);
      return (_, { nft }) => offset + (nft.count(`${rule}/${id}`) % mod);
    }
    case "jhash": {
      const of = compileValues(expression.of, rule);
      const { mod, seed, offset } = expression;
      return (packet, place) => {
        const values = of(packet, place);
        return values && offset + (hash(values, seed) % mod);
      };
    }
    default:
      throw new Error(`a ${expression.kind} is no single value`);
  }
}

function compileBinary({ op, left, right }: Extract<Expression, { kind: "binary" }>, rule: number): One {
  const load = compileOne(left, rule);
  const apply = OPERATIONS[op];
  return (packet, place) => {
    const value = load(packet, place);
    return typeof value === "number" ? apply(value, right) >>> 0 : undefined;
  };
}

const OPERATIONS: Readonly<Record<BinaryOperator, (left: number, right: number) => number>> = {
  "&": (left, right) => left & right,
  "|": (left, right) => left | right,
  "^": (left, right) => left ^ right,
  "<<": (left, right) => left << right,
  ">>": (left, right) => left >>> right,
};

/** Always the same for the same values, as the kernel's is, though not its number. */
function hash(values: readonly Primitive[], seed: number): number {
  let sum = seed | 0;
  for (const value of values)
    for (const letter of String(value)) sum = Math.imul(sum ^ letter.charCodeAt(0), 0x5bd1e995) ^ (sum >>> 15);
  return sum >>> 0;
}
