import { addressText, type Address } from "../ip.ts";
import type { LinkRow } from "../link/row.ts";
import type { Namespace } from "../namespace.ts";
import type { Choice } from "../route/fib.ts";
import { protocolName } from "../netfilter/protocols.ts";
import { routeText } from "../route/text.ts";
import type { Description } from "./trace.ts";
import { isIcmp, type Packet } from "./packet.ts";

/** `10.244.1.5:40112 to 10.96.0.10:53 (udp)`. */
export function flowWords(packet: Packet): string {
  const { src, dst, sport, dport, protocol } = packet;
  const name = protocolName(protocol) ?? `protocol ${protocol}`;
  if (isIcmp(packet)) return `${addressText(src)} to ${addressText(dst)} (${name} type ${packet.icmpType})`;
  return `${endWords(src, sport)} to ${endWords(dst, dport)} (${name})`;
}

export function endWords(address: Address, port: number): string {
  const text = addressText(address);
  return text.includes(":") ? `[${text}]:${port}` : `${text}:${port}`;
}

export function routeDescription(ns: Namespace, choice: Choice, link: LinkRow, destination: Address): Description {
  const { row } = choice.entry;
  const via = choice.via === undefined ? "directly" : `via ${addressText(choice.via)}`;
  const text = routeText(ns, row);
  return { what: `route to ${addressText(destination)}: ${via}, out ${link.name}`, ref: { kind: "route", text } };
}
