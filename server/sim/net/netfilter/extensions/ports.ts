import type { ListStyle, OptionSpec, ReadContext } from "../extension.ts";
import { parameter, type Problem } from "../row.ts";
import { protocolName } from "../protocols.ts";

/** An inclusive range of ports, and whether it is asked for negated. */
export interface PortRange {
  readonly min: number;
  readonly max: number;
  readonly not?: true;
}

/** A port by number or service name. */
export function readPort(text: string, context: ReadContext): number | Problem {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number <= 65535) return number;
  const named = Number.isNaN(number)
    ? context.names.port(text, protocolName(context.protocol ?? 6) ?? "tcp")
    : undefined;
  return named ?? parameter(`invalid port/service \`${text}' specified`);
}

/**
 * As extensions read ports that leave it to the library (libxtables/xtoptions.c: xtopt_parse_mport): by getaddrinfo(3), which
 * takes the service of any protocol and the lower 16 bits of a number; ranges may be upside down.
 */
function readAnyRange(text: string, option: string, context: ReadContext): PortRange | Problem {
  const parts = text.split(":");
  if (parts.length > 2) {
    return parameter(`${protocolName(context.protocol ?? 17)!}: Too many components for option "${option}" (max: 2)\n`);
  }
  const ports: number[] = [];
  for (const [at, part] of parts.entries()) {
    const port = part === "" ? (at === 0 ? 0 : 65535) : anyPort(part.trimStart(), context);
    if (port === undefined) return parameter(`Port "${part}" does not resolve to anything.\n`);
    ports.push(port);
  }
  const [min, max = min] = ports as [number, number?];
  return { min, max };
}

function anyPort(text: string, { names }: ReadContext): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) & 0xffff;
  return names.port(text, "tcp") ?? names.port(text, "udp");
}

export function anyPortOption(key: string, option: string): OptionSpec {
  return { key, words: 1, not: true, read: ([text], context) => readAnyRange(text!, option, context) };
}

/** `80`, `80:90`, `:90`, `80:`. */
export function readPortRange(text: string, context: ReadContext): PortRange | Problem {
  const colon = text.indexOf(":");
  if (colon < 0) {
    const port = readPort(text, context);
    return typeof port === "number" ? { min: port, max: port } : port;
  }
  const min = colon === 0 ? 0 : readPort(text.slice(0, colon), context);
  if (typeof min !== "number") return min;
  const max = colon === text.length - 1 ? 65535 : readPort(text.slice(colon + 1), context);
  if (typeof max !== "number") return max;
  return min > max ? parameter("invalid portrange (min > max)") : { min, max };
}

export function portOption(key: string): OptionSpec {
  return { key, words: 1, not: true, read: ([text], context) => readPortRange(text!, context) };
}

/** ` --dport 80`. */
export function savePorts(option: string, range: PortRange | undefined): string {
  if (!range || (range.min === 0 && range.max === 0xffff && !range.not)) return "";
  return `${range.not ? " !" : ""} --${option} ${range.min === range.max ? range.min : `${range.min}:${range.max}`}`;
}

/** ` dpt:80`, ` dpts:!80:90`. */
export function listPorts(name: string, range: PortRange | undefined, style: ListStyle): string {
  if (!range || (range.min === 0 && range.max === 0xffff && !range.not)) return "";
  const many = range.min !== range.max;
  const ports = many ? `${portName(range.min, style)}:${portName(range.max, style)}` : portName(range.min, style);
  return ` ${name}${many ? "s" : ""}:${range.not ? "!" : ""}${ports}`;
}

export function portName(port: number, style: ListStyle): string {
  if (style.numeric) return String(port);
  return style.names.service(port, protocolName(style.protocol ?? 6) ?? "tcp") ?? String(port);
}

export function portFits(range: PortRange, port: number): boolean {
  return (port >= range.min && port <= range.max) !== (range.not ?? false);
}
