import type { Frame } from "./frame.ts";
import { type Arithmetic, type Filter } from "./syntax.ts";
import { ALL, type Compiled, inexact, kinds, type Predicate } from "./compiled.ts";

export function relation({ operator, left, right }: Filter & { kind: "relation" }): Compiled {
  const [a, b] = [arithmetic(left), arithmetic(right)];
  const test: Predicate = (frame) => {
    const [x, y] = [a.value(frame), b.value(frame)];
    if (x === undefined || y === undefined) return false;
    switch (operator) {
      case "=":
        return x === y;
      case "!=":
        return x !== y;
      case "<":
        return x < y;
      case ">":
        return x > y;
      case "<=":
        return x <= y;
      case ">=":
        return x >= y;
    }
  };
  return inexact(test, a.may & b.may);
}

interface Number32 {
  /** Undefined where the packet has no such field. */
  value(frame: Frame): number | undefined;
  readonly may: number;
}

function arithmetic(tree: Arithmetic): Number32 {
  switch (tree.kind) {
    case "number":
      return { value: () => tree.value >>> 0, may: ALL };
    case "length":
      return { value: (frame) => frame.length, may: ALL };
    case "field": {
      const at = arithmetic(tree.at);
      const [start, may] = fieldStart(tree.protocol);
      return {
        may,
        value(frame) {
          const [base, offset] = [start(frame), at.value(frame)];
          if (base === undefined || offset === undefined) return undefined;
          return frame.number(base + offset, tree.size);
        },
      };
    }
    case "operation": {
      const [left, right] = [arithmetic(tree.left), arithmetic(tree.right)];
      return {
        may: left.may & right.may,
        value(frame) {
          const [x, y] = [left.value(frame), right.value(frame)];
          return x === undefined || y === undefined ? undefined : operate(tree.operator, x, y);
        },
      };
    }
  }
}

function operate(operator: string, x: number, y: number): number | undefined {
  switch (operator) {
    case "+":
      return (x + y) >>> 0;
    case "-":
      return (x - y) >>> 0;
    case "*":
      return Math.imul(x, y) >>> 0;
    case "/":
      return y === 0 ? undefined : Math.floor(x / y);
    case "%":
      return y === 0 ? undefined : x % y;
    case "&":
      return (x & y) >>> 0;
    case "|":
      return (x | y) >>> 0;
    case "^":
      return (x ^ y) >>> 0;
    case "<<":
      return y > 31 ? 0 : (x << y) >>> 0;
    default:
      return y > 31 ? 0 : x >>> y;
  }
}

/** Where the header of a protocol begins, in packets that have one. */
function fieldStart(protocol: string): [(frame: Frame) => number | undefined, number] {
  switch (protocol) {
    case "ether":
    case "link":
      return [() => 0, ALL];
    case "ip":
      return [(frame) => (frame.version === 4 ? frame.network : undefined), kinds(/^ip /)];
    case "ip6":
      return [(frame) => (frame.version === 6 ? frame.network : undefined), kinds(/^ip6/)];
    case "arp":
      return [(frame) => (frame.etherType === 0x0806 ? frame.network : undefined), kinds(/^arp/)];
    case "rarp":
      return [(frame) => (frame.etherType === 0x8035 ? frame.network : undefined), kinds(/^rarp/)];
    case "icmp6":
      return [(frame) => (frame.version === 6 && frame.protocol === 58 ? frame.transport : undefined), kinds(/icmp6/)];
    default: {
      const number = { tcp: 6, udp: 17, icmp: 1, igmp: 2, sctp: 132 }[protocol]!;
      const start = (frame: Frame): number | undefined =>
        frame.version === 4 && frame.protocol === number && !frame.later ? frame.transport : undefined;
      return [start, kinds(new RegExp(`^ip ${protocol}$`))];
    }
  }
}
