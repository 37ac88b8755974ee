import { RE2JS, RE2JSSyntaxException } from "re2js";
import { parseRfc3339, rfc3339 } from "../../../kernel/index.ts";
import { parseGoDuration } from "../duration.ts";
import { quote } from "../go-syntax.ts";
import { compareQuantities, parseQuantity, quantityNanos } from "../quantity.ts";
import { ipText, isIpv6, parseCidr, parseIp } from "../validation/ip.ts";
import { AUTHORIZER_METHODS } from "./authorizer.ts";
import { format } from "./format.ts";
import {
  CelError,
  compare,
  equal,
  isList,
  isMap,
  isNumber,
  isSpecial,
  typeName,
  type Cel,
  type Special,
} from "./values.ts";

type Called = (...args: readonly Cel[]) => Cel;

const none = (): CelError => new CelError("no such overload");

function text(value: Cel | undefined): string {
  if (typeof value !== "string") throw none();
  return value;
}

function list(value: Cel | undefined): readonly Cel[] {
  if (value === undefined || !isList(value)) throw none();
  return value;
}

function integer(value: Cel | undefined): number {
  if (typeof value !== "bigint") throw none();
  return Number(value);
}

function special<Is extends Special["is"]>(value: Cel | undefined, is: Is): Special & { readonly is: Is } {
  if (value === undefined || !isSpecial(value) || value.is !== is) throw none();
  return value as Special & { readonly is: Is };
}

/** Runes, as sizes and indices count them. */
const runes = (value: string): string[] => [...value];

function size(value: Cel | undefined): bigint {
  if (typeof value === "string") return BigInt(runes(value).length);
  if (value !== undefined && isList(value)) return BigInt(value.length);
  if (value !== undefined && isMap(value)) return BigInt(value.size);
  throw none();
}

function compiled(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) throw new CelError(error.message);
    throw error;
  }
}

function nanosOf(value: Cel | undefined): bigint {
  return quantityNanos(special(value, "quantity").text);
}

/** int, double and the like: conversions. */
const CONVERSIONS: Readonly<Record<string, Called>> = {
  int(value) {
    if (typeof value === "bigint") return value;
    if (typeof value === "number") return BigInt(Math.trunc(value));
    if (typeof value === "string" && /^[-+]?\d+$/.test(value)) return BigInt(value);
    if (typeof value === "string")
      throw new CelError(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
    return BigInt(Math.floor(special(value, "timestamp").micros / 1_000_000));
  },
  double(value) {
    if (typeof value === "bigint" || typeof value === "number") return Number(value);
    const number = Number(text(value));
    if (Number.isNaN(number))
      throw new CelError(`strconv.ParseFloat: parsing ${JSON.stringify(value)}: invalid syntax`);
    return number;
  },
  string(value) {
    if (value === undefined || value === null) throw none();
    if (isSpecial(value) && value.is === "timestamp") return rfc3339(value.micros);
    if (isSpecial(value) && value.is === "duration") return `${value.micros / 1_000_000}s`;
    if (isSpecial(value) && "text" in value) return value.text;
    if (typeof value === "object") throw none();
    return String(value);
  },
  bool(value) {
    if (typeof value === "boolean") return value;
    const known: Record<string, boolean> = { true: true, True: true, TRUE: true, t: true, "1": true, false: false, False: false, FALSE: false, f: false, "0": false }; // prettier-ignore
    const found = known[text(value)];
    if (found === undefined) throw new CelError(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`);
    return found;
  },
  duration(value) {
    if (value !== undefined && isSpecial(value) && value.is === "duration") return value;
    const micros = parseGoDuration(text(value));
    if (micros === undefined) throw new CelError(`time: invalid duration ${JSON.stringify(value)}`);
    return { is: "duration", micros };
  },
  timestamp(value) {
    if (value !== undefined && isSpecial(value) && value.is === "timestamp") return value;
    const micros = typeof value === "bigint" ? Number(value) * 1_000_000 : parseRfc3339(text(value));
    if (micros === undefined) throw new CelError(`parsing time ${JSON.stringify(value)}: cannot parse`);
    return { is: "timestamp", micros };
  },
  dyn: (value) => value!,
  type: (value = null) => ({ is: "type", text: typeName(value) }),
};

/** Functions that are called by name alone, or with the name of a library before them. */
export const FUNCTIONS: Readonly<Record<string, Called>> = {
  ...CONVERSIONS,
  uint: CONVERSIONS["int"]!,
  size: (value) => size(value),
  isURL: (value) => isUrl(text(value)),
  url(value) {
    if (!isUrl(text(value))) throw new CelError(`URL parse error during conversion from string: parse ${JSON.stringify(value)}: invalid URI for request`); // prettier-ignore
    return { is: "url", text: text(value) };
  },
  isQuantity: (value) => typeof parseQuantity(text(value)) === "object",
  quantity(value) {
    const parsed = parseQuantity(text(value));
    if (typeof parsed === "string") throw new CelError(parsed);
    return { is: "quantity", text: text(value) };
  },
  isIP: (value) => parseIp(text(value)) !== undefined,
  ip(value) {
    if (!parseIp(text(value))) throw new CelError(`IP Address ${JSON.stringify(value)} parse error during conversion from string: ParseAddr(${JSON.stringify(value)}): unable to parse IP`); // prettier-ignore
    return { is: "ip", text: text(value) };
  },
  isCIDR: (value) => parseCidr(text(value)) !== undefined,
  cidr(value) {
    if (!parseCidr(text(value))) throw new CelError(`network address parse error during conversion from string: netip.ParsePrefix(${JSON.stringify(value)}): no '/'`); // prettier-ignore
    return { is: "cidr", text: text(value) };
  },
  "strings.quote": (value) => quote(text(value)),
  "ip.isCanonical": (value) => {
    const address = parseIp(text(value));
    if (!address) throw new CelError(`IP Address ${JSON.stringify(value)} parse error during conversion from string: ParseAddr(${JSON.stringify(value)}): unable to parse IP`); // prettier-ignore
    return ipText(address) === value;
  },
  "optional.of": (value) => ({ is: "optional", value: value! }),
  "optional.none": () => ({ is: "optional" }),
  "optional.ofNonZeroValue": (value = null) => (isZero(value) ? { is: "optional" } : { is: "optional", value }),
  "sets.contains": (a, b) => list(b).every((item) => list(a).some((one) => equal(one, item))),
  "sets.intersects": (a, b) => list(b).some((item) => list(a).some((one) => equal(one, item))),
  "sets.equivalent": (a, b) =>
    list(b).every((item) => list(a).some((one) => equal(one, item))) &&
    list(a).every((item) => list(b).some((one) => equal(one, item))),
};

function isZero(value: Cel): boolean {
  if (value === null || value === false || value === "" || value === 0 || value === 0n) return true;
  return isList(value) ? value.length === 0 : isMap(value) && value.size === 0;
}

function isUrl(value: string): boolean {
  return /^([a-z][a-z0-9+.-]*:\/\/[^\s]*|\/[^\s]*)$/i.test(value);
}

function extreme(value: Cel | undefined, sign: number, name: string): Cel {
  const items = list(value);
  if (items.length === 0) throw new CelError(`${name} called on empty list`);
  return items.reduce((best, item) => (compare(item, best) * sign > 0 ? item : best));
}

function urlPart(value: Cel | undefined, pattern: RegExp): string {
  return pattern.exec(special(value, "url").text)?.[1] ?? "";
}

/** A part of a time or a duration; times are in UTC. */
function timePart(
  value: Cel | undefined,
  of: { readonly text?: [number, number]; readonly shift?: number; readonly unit?: number },
): bigint {
  if (value !== undefined && isSpecial(value) && value.is === "duration" && of.unit !== undefined)
    return BigInt(Math.trunc(value.micros / of.unit));
  const [from, to] = of.text ?? [0, 0];
  return BigInt(Number(rfc3339(special(value, "timestamp").micros).slice(from, to)) + (of.shift ?? 0));
}

/** Functions that are called on a value. */
export const METHODS: Readonly<Record<string, (target: Cel, ...args: readonly Cel[]) => Cel>> = {
  size: (target) => size(target),
  contains: (target, part) => text(target).includes(text(part)),
  startsWith: (target, part) => text(target).startsWith(text(part)),
  endsWith: (target, part) => text(target).endsWith(text(part)),
  matches: (target, pattern) => compiled(text(pattern)).matcher(text(target)).find(),
  lowerAscii: (target) => text(target).replaceAll(/[A-Z]/g, (char) => char.toLowerCase()),
  upperAscii: (target) => text(target).replaceAll(/[a-z]/g, (char) => char.toUpperCase()),
  trim: (target) => text(target).trim(),
  charAt: (target, at) => runes(text(target))[integer(at)] ?? "",
  split(target, separator, limit) {
    const parts = text(target).split(text(separator));
    const most = limit === undefined ? -1 : integer(limit);
    if (most < 0 || parts.length <= most) return parts;
    return most === 0 ? [] : [...parts.slice(0, most - 1), parts.slice(most - 1).join(text(separator))];
  },
  join: (target, separator) =>
    list(target)
      .map(text)
      .join(separator === undefined ? "" : text(separator)),
  replace(target, from, to, limit) {
    let left = limit === undefined ? -1 : integer(limit);
    return left < 0
      ? text(target).replaceAll(text(from), () => text(to))
      : text(target).replaceAll(text(from), (found) => (left-- > 0 ? text(to) : found));
  },
  substring(target, from, to) {
    const all = runes(text(target));
    const [start, end] = [integer(from), to === undefined ? all.length : integer(to)];
    if (start < 0 || end > all.length || start > end)
      throw new CelError(`index out of range: ${start < 0 ? start : end}`);
    return all.slice(start, end).join("");
  },
  indexOf(target, part = null) {
    if (isList(target)) return BigInt(target.findIndex((item) => equal(item, part)));
    const at = text(target).indexOf(text(part));
    return BigInt(at < 0 ? -1 : runes(text(target).slice(0, at)).length);
  },
  lastIndexOf(target, part = null) {
    if (isList(target)) return BigInt(target.findLastIndex((item) => equal(item, part)));
    const at = text(target).lastIndexOf(text(part));
    return BigInt(at < 0 ? -1 : runes(text(target).slice(0, at)).length);
  },
  reverse: (target) => (isList(target) ? target.toReversed() : runes(text(target)).toReversed().join("")),
  find(target, pattern) {
    const matcher = compiled(text(pattern)).matcher(text(target));
    return matcher.find() ? (matcher.group() ?? "") : "";
  },
  findAll(target, pattern, limit) {
    const matcher = compiled(text(pattern)).matcher(text(target));
    const most = limit === undefined ? -1 : integer(limit);
    const found: string[] = [];
    while ((most < 0 || found.length < most) && matcher.find()) found.push(matcher.group() ?? "");
    return found;
  },
  isSorted: (target) => list(target).every((item, at, all) => at === 0 || compare(all[at - 1]!, item) <= 0),
  sum: (target) => list(target).reduce((total, item) => addUp(total, item), 0n),
  min: (target) => extreme(target, -1, "min"),
  max: (target) => extreme(target, 1, "max"),
  flatten: (target) => list(target).flatMap((item) => (isList(item) ? item : [item])),
  sort: (target) => list(target).toSorted(compare),
  distinct: (target) => list(target).filter((item, at, all) => all.findIndex((one) => equal(one, item)) === at),
  slice(target, from, to) {
    const [start, end] = [integer(from), integer(to)];
    if (start < 0 || end < 0) throw new CelError(`cannot slice(${start}, ${end}), negative indexes not supported`);
    if (start > end) throw new CelError(`cannot slice(${start}, ${end}), start index must be less than or equal to end index`); // prettier-ignore
    if (end > list(target).length) throw new CelError(`cannot slice(${start}, ${end}), list is length ${list(target).length}`); // prettier-ignore
    return list(target).slice(start, end);
  },
  format: (target, values) => format(text(target), list(values)),
  hasValue: (target) => special(target, "optional").value !== undefined,
  value(target) {
    const { value } = special(target, "optional");
    if (value === undefined) throw new CelError("optional.none() dereference");
    return value;
  },
  orValue: (target, other) => special(target, "optional").value ?? other!,
  or: (target, other) => (special(target, "optional").value === undefined ? other! : target),
  getScheme: (target) => urlPart(target, /^([a-z][a-z0-9+.-]*):/i),
  getHost: (target) => urlPart(target, /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/]*@)?([^/?#]*)/i),
  getHostname: (target) => urlPart(target, /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^/?#:]*)/i).replaceAll(/[[\]]/g, ""), // prettier-ignore
  getPort: (target) => urlPart(target, /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*:(\d+)/i),
  getEscapedPath: (target) => urlPart(target, /^(?:[a-z][a-z0-9+.-]*:\/\/[^/?#]*)?(\/[^?#]*)/i),
  isGreaterThan: (target, other) => nanosOf(target) > nanosOf(other),
  isLessThan: (target, other) => nanosOf(target) < nanosOf(other),
  compareTo: (target, other) =>
    BigInt(compareQuantities(special(target, "quantity").text, special(other, "quantity").text)),
  sign: (target) => (nanosOf(target) > 0n ? 1n : nanosOf(target) < 0n ? -1n : 0n),
  isInteger: (target) => nanosOf(target) % 1_000_000_000n === 0n,
  asInteger(target) {
    if (nanosOf(target) % 1_000_000_000n !== 0n) throw new CelError("cannot convert value to integer");
    return nanosOf(target) / 1_000_000_000n;
  },
  asApproximateFloat: (target) => Number(nanosOf(target)) / 1e9,
  add: (target, other) => nanos(nanosOf(target) + added(other)),
  sub: (target, other) => nanos(nanosOf(target) - added(other)),
  isUnspecified: (target) => addressOf(target).every((byte) => byte === 0),
  isLoopback(target) {
    const bytes = addressOf(target);
    return bytes.length === 4 ? bytes[0] === 127 : bytes.at(-1) === 1 && bytes.slice(0, -1).every((byte) => byte === 0);
  },
  isLinkLocalUnicast(target) {
    const [first = 0, second = 0, ...rest] = addressOf(target);
    return rest.length === 2 ? first === 169 && second === 254 : first === 0xfe && (second & 0xc0) === 0x80;
  },
  isGlobalUnicast(target) {
    const [first = 0, ...rest] = addressOf(target);
    const special = ["isUnspecified", "isLoopback", "isLinkLocalUnicast"].some(
      (name) => METHODS[name]!(target) === true,
    );
    const multicast = rest.length === 3 ? first >= 224 : first === 0xff;
    return !special && !multicast;
  },
  containsCIDR(target, other) {
    const inner = parseCidr(typeof other === "string" ? other : special(other, "cidr").text);
    const outer = special(target, "cidr").text;
    return inner !== undefined && inner.prefix >= parseCidr(outer)!.prefix && within(outer, inner.bytes);
  },
  ip: (target) => ({ is: "ip", text: special(target, "cidr").text.split("/")[0]! }),
  masked(target) {
    const { bytes, prefix } = parseCidr(special(target, "cidr").text)!;
    const kept = bytes.map((byte, at) => byte & (0xff00 >> Math.min(8, Math.max(0, prefix - 8 * at))) & 0xff);
    return { is: "cidr", text: `${ipText(kept)}/${prefix}` };
  },
  family: (target) => (isIpv6(special(target, "ip").text) ? 6n : 4n),
  prefixLength: (target) => BigInt(special(target, "cidr").text.split("/")[1]!),
  containsIP(target, other) {
    const address = parseIp(typeof other === "string" ? other : special(other, "ip").text);
    return address !== undefined && within(special(target, "cidr").text, address);
  },
  getFullYear: (target) => timePart(target, { text: [0, 4] }),
  getMonth: (target) => timePart(target, { text: [5, 7], shift: -1 }),
  getDate: (target) => timePart(target, { text: [8, 10] }),
  getDayOfMonth: (target) => timePart(target, { text: [8, 10], shift: -1 }),
  getDayOfWeek: (target) => BigInt((4 + Math.floor(special(target, "timestamp").micros / 86_400e6)) % 7),
  getDayOfYear(target) {
    const { micros } = special(target, "timestamp");
    const start = parseRfc3339(`${rfc3339(micros).slice(0, 4)}-01-01T00:00:00Z`)!;
    return BigInt(Math.floor((micros - start) / 86_400e6));
  },
  getMilliseconds: (target) => BigInt(Math.floor((timeOf(target) % 1e6) / 1e3)),
  ...AUTHORIZER_METHODS,
  getHours: (target) => timePart(target, { text: [11, 13], unit: 3_600e6 }),
  getMinutes: (target) => timePart(target, { text: [14, 16], unit: 60e6 }),
  getSeconds: (target) => timePart(target, { text: [17, 19], unit: 1e6 }),
};

function nanos(amount: bigint): Cel {
  return { is: "quantity", text: amount % 1_000_000_000n === 0n ? String(amount / 1_000_000_000n) : `${amount}n` };
}

/** What is added to a quantity: another one, or a whole number. */
function added(value: Cel | undefined): bigint {
  return typeof value === "bigint" ? value * 1_000_000_000n : nanosOf(value);
}

function addressOf(value: Cel): readonly number[] {
  return parseIp(special(value, "ip").text)!;
}

function timeOf(value: Cel): number {
  return isSpecial(value) && "micros" in value ? value.micros : special(value, "timestamp").micros;
}

function addUp(total: Cel, item: Cel): Cel {
  if (typeof total === "bigint" && typeof item === "bigint") return total + item;
  if (isNumber(total) && isNumber(item)) return Number(total) + Number(item);
  throw none();
}

function within(cidr: string, address: readonly number[]): boolean {
  const { bytes, prefix } = parseCidr(cidr)!;
  if (bytes.length !== address.length) return false;
  for (let bit = 0; bit < prefix; bit++) {
    const mask = 128 >> (bit & 7);
    if ((bytes[bit >> 3]! & mask) !== (address[bit >> 3]! & mask)) return false;
  }
  return true;
}
