import {
  readNumber,
  type ListStyle,
  type MatchExtension,
  type OptionSpec,
  type TargetExtension,
} from "../extension.ts";
import { parameter, type Problem } from "../row.ts";

/** Of the type of service in IPv4's header, the traffic class of IPv6's. */
interface TosValue {
  readonly value: number;
  readonly mask: number;
}

const SYMBOLS: readonly (readonly [string, number])[] = [
  ["Minimize-Delay", 0x10],
  ["Maximize-Throughput", 0x08],
  ["Maximize-Reliability", 0x04],
  ["Minimize-Cost", 0x02],
  ["Normal-Service", 0x00],
];
/** What a symbol is about (IPTOS_TOS_MASK and the precedence's lowest bit, as libxt_tos has it). */
const SYMBOL_MASK = 0x3f;
const WHOLE = 0xff;

function readTos(text: string): TosValue | Problem {
  const [first, second] = text.split("/") as [string, string?];
  const value = readNumber(first, WHOLE);
  if (value !== undefined) {
    const mask = second === undefined ? WHOLE : readNumber(second, WHOLE);
    return mask === undefined ? parameter(`Illegal value: "${text}"`) : { value, mask };
  }
  const symbol = SYMBOLS.find(([name]) => name.toLowerCase() === text.toLowerCase());
  return symbol ? { value: symbol[1], mask: SYMBOL_MASK } : parameter(`Symbolic name "${text}" is unknown`);
}

function tosText({ value, mask }: TosValue): string {
  const hex = (bits: number): string => `0x${bits.toString(16).padStart(2, "0")}`;
  return `${hex(value)}/${hex(mask)}`;
}

function symbolOf({ value, mask }: TosValue, { numeric }: ListStyle): string | undefined {
  return numeric || mask !== SYMBOL_MASK ? undefined : SYMBOLS.find(([, bits]) => bits === value)?.[0];
}

/** With its blank, which only symbols have (tos_try_print_symbolic). */
function matchText(wish: TosValue, style: ListStyle): string {
  const symbol = symbolOf(wish, style);
  return symbol === undefined ? tosText(wish) : ` ${symbol}`;
}

/** tos_tg_print; symbols have their blank before all of it. */
function targetText(wish: TosValue, style: ListStyle): string {
  const symbol = symbolOf(wish, style);
  if (symbol !== undefined) return `  TOS set${symbol}`;
  const { value, mask } = wish;
  const hex = (bits: number): string => `0x${bits.toString(16).padStart(2, "0")}`;
  if (!style.numeric && value === 0) return ` TOS and ${hex(WHOLE & ~mask)}`;
  if (!style.numeric && value === mask) return ` TOS or ${hex(value)}`;
  if (!style.numeric && mask === 0) return ` TOS xor ${hex(value)}`;
  return ` TOS set ${tosText(wish)}`;
}

export const tos: MatchExtension = {
  kind: "match",
  name: "tos",
  options: { "--tos": { key: "tos", words: 1, not: true, read: ([text]) => readTos(text!) } },
  finish(given) {
    const wish = given.get("tos");
    if (!wish) return parameter('tos: option "--tos" must be specified\n');
    return { ...(wish.value as TosValue), ...(wish.not ? { not: true as const } : {}) };
  },
  save: (options) => `${options["not"] ? " !" : ""} --tos ${tosText(options as unknown as TosValue)}`,
  list: (options, style) => ` tos match${options["not"] ? "!" : ""}${matchText(options as unknown as TosValue, style)}`,
  compile(options) {
    const { value, mask, not = false } = options as unknown as TosValue & { not?: boolean };
    return (packet) => ((packet.tos & mask) === value) !== not;
  },
};

/** `--set-tos`, and what bits it is to have, to lose, to turn. */
function change(option: string, make: (read: TosValue) => TosValue): OptionSpec {
  return {
    key: "tos",
    words: 1,
    read([text]) {
      if (option === "--set-tos") return readTos(text!);
      const bits = readNumber(text!, WHOLE);
      if (bits === undefined) return parameter(`TOS: bad value for option "${option}", or out of range (0-255).\n`);
      return make({ value: bits, mask: WHOLE });
    },
  };
}

export const TOS: TargetExtension = {
  kind: "target",
  name: "TOS",
  tables: ["mangle"],
  options: {
    "--set-tos": change("--set-tos", (read) => read),
    "--and-tos": change("--and-tos", ({ value }) => ({ value: 0, mask: WHOLE & ~value })),
    "--or-tos": change("--or-tos", ({ value }) => ({ value, mask: value })),
    "--xor-tos": change("--xor-tos", ({ value }) => ({ value, mask: 0 })),
  },
  finish(given) {
    const wish = given.get("tos");
    return wish ? { ...(wish.value as TosValue) } : parameter("TOS: An action is required");
  },
  save: (options) => ` --set-tos ${tosText(options as unknown as TosValue)}`,
  list: (options, style) => targetText(options as unknown as TosValue, style),
  compile(options) {
    const { value, mask } = options as unknown as TosValue;
    return (packet) => {
      packet.tos = (packet.tos & ~mask) ^ value;
      return "continue";
    };
  },
};
