import { encode, type Bytes } from "../../../kernel/index.ts";
import { encodePacket } from "../../capture/encode.ts";
import { readNumber, type MatchExtension, type OptionSpec } from "../extension.ts";
import { parameter, type Problem } from "../row.ts";

interface StringOptions {
  readonly pattern: Bytes;
  readonly algo: string;
  readonly from?: number;
  readonly to?: number;
  readonly icase?: true;
  readonly not?: true;
}

/** XT_STRING_MAX_PATTERN_SIZE. */
const LONGEST = 128;
const END = 65_535;

function offset(key: "from" | "to"): OptionSpec {
  return {
    key,
    words: 1,
    read: ([text]) =>
      readNumber(text!, END) ?? parameter(`string: bad value for option "--${key}", or out of range (0-${END}).\n`),
  };
}

/** Looks for a text in the whole packet, from its IP header on. Both algorithms find the same. */
export const string: MatchExtension = {
  kind: "match",
  name: "string",
  options: {
    "--from": offset("from"),
    "--to": offset("to"),
    "--algo": { key: "algo", words: 1, read: ([text]) => text },
    "--string": { key: "pattern", words: 1, not: true, read: ([text]) => readText(text!) },
    "--hex-string": { key: "pattern", words: 1, not: true, read: ([text]) => readHex(text!) },
    "--icase": { key: "icase", words: 0, read: () => true },
  },
  finish(given) {
    if (!given.has("algo")) return parameter('string: option "--algo" must be specified\n');
    const wish = given.get("pattern");
    if (!wish) return parameter("STRING match: You must specify `--string' or `--hex-string'");
    const [from, to] = [given.get("from")?.value, given.get("to")?.value];
    return {
      pattern: wish.value,
      algo: given.get("algo")!.value,
      ...(from === undefined || from === 0 ? {} : { from }),
      ...(to === undefined || to === END ? {} : { to }),
      ...(given.has("icase") ? { icase: true as const } : {}),
      ...(wish.not ? { not: true as const } : {}),
    };
  },
  refuse(options) {
    const { algo, from = 0, to = END } = options as unknown as StringOptions;
    if (from > to) return "EINVAL";
    return ["bm", "kmp", "fsm"].includes(algo) ? undefined : "ENOENT";
  },
  save(options) {
    const { pattern, algo, from, to, icase, not } = options as unknown as StringOptions;
    const what = `${not ? " !" : ""} --${isPlain(pattern) ? "string" : "hex-string"} ${patternText(pattern)}`;
    const range = `${from === undefined ? "" : ` --from ${from}`}${to === undefined ? "" : ` --to ${to}`}`;
    return `${what} --algo ${algo}${range}${icase ? " --icase" : ""}`;
  },
  list(options) {
    const { pattern, algo, from, to, icase, not } = options as unknown as StringOptions;
    const range = `${from === undefined ? "" : ` FROM ${from}`}${to === undefined ? "" : ` TO ${to}`}`;
    return ` STRING match ${not ? "!" : ""} ${patternText(pattern)} ALGO name ${algo}${range}${icase ? " ICASE" : ""}`;
  },
  compile(options) {
    const { pattern, from = 0, to = END, icase, not = false } = options as unknown as StringOptions & { not?: boolean };
    const wanted = icase ? pattern.toLowerCase() : pattern;
    return (packet, { ns }) => {
      const whole = encodePacket(packet, ns.kernel.now).join("");
      const at = (icase ? whole.toLowerCase() : whole).indexOf(wanted, from);
      return (at >= 0 && at <= to) !== not;
    };
  },
};

function readText(text: string): Bytes | Problem {
  const pattern = encode(text);
  return pattern.length <= LONGEST ? pattern : parameter(`STRING too long "${text}"`);
}

/** `|0d 0a|GET|20|`: in hexadecimal between bars, else as it stands. */
function readHex(text: string): Bytes | Problem {
  const parts = text.split("|");
  if (parts.length % 2 === 0) return parameter(`STRING must contain even number of pipes "${text}"`);
  let pattern = "";
  for (const [at, part] of parts.entries()) {
    if (at % 2 === 0) {
      pattern += encode(part);
      continue;
    }
    const digits = part.replaceAll(" ", "");
    if (digits.length % 2 === 1 || !/^[0-9a-f]*$/i.test(digits)) return parameter(`Invalid hex block at "${part}"`);
    for (let digit = 0; digit < digits.length; digit += 2)
      pattern += String.fromCharCode(Number.parseInt(digits.slice(digit, digit + 2), 16));
  }
  return pattern.length <= LONGEST ? pattern : parameter(`STRING too long "${text}"`);
}

function isPlain(pattern: Bytes): boolean {
  return /^[\x20-\x7e]*$/.test(pattern) && !pattern.endsWith("\\");
}

function patternText(pattern: Bytes): string {
  if (isPlain(pattern)) return `"${pattern.replace(/["\\]/g, "\\$&")}"`;
  const digits = [...pattern].map((char) => char.charCodeAt(0).toString(16).padStart(2, "0"));
  return `"|${digits.join("")}|"`;
}
