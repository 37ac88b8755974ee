import type { RouteRow } from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import { serviceText } from "../names.ts";
import type { Color } from "../printer.ts";
import { typeNumber } from "./types.ts";

export function colorOf(address: string): Color {
  return address.includes(":") ? "inet6" : "inet";
}

export function printDestination({ printer }: IpCall, to: string): void {
  const slash = to.indexOf("/");
  const [host, length] = [to.slice(0, slash), Number(to.slice(slash + 1))];
  const shown = length === 0 ? "default" : length === (to.includes(":") ? 128 : 32) ? host : to;
  if (length === 0) printer.fact("dst", "default ", "default");
  else printer.fact("dst", `${shown} `, shown, colorOf(to));
}

/** `foreign`: of another family than the route is. */
export function printGateway({ printer }: IpCall, via: string, foreign = false): void {
  printer.text("via ");
  if (foreign) {
    printer.openObject("via");
    printer.fact("family", "inet6 ", "inet6");
    printer.fact("host", `${via} `, via, colorOf(via));
    printer.closeObject();
    return;
  }
  printer.fact("gateway", `${via} `, via, colorOf(via));
}

export function printDevice(call: IpCall, link: number): void {
  const name = call.linkName(link);
  call.printer.text("dev ");
  call.printer.fact("dev", `${name} `, name, "interface");
}

export function printType(call: IpCall, type: RouteRow["type"]): void {
  const shown = call.options.numeric ? String(typeNumber(type)) : type;
  call.printer.fact("type", `${shown} `, shown);
}

export function printService(call: IpCall, tos: number): void {
  const text = serviceText(call.names, tos);
  call.printer.fact("tos", `tos ${text} `, text);
}

/** `realm 7`, or `realms 3/4` (print_rta_flow). */
export function printRealms({ printer, names }: IpCall, realms: number): void {
  const from = Math.trunc(realms / 0x1_0000);
  const to = names.realms.shown(realms % 0x1_0000);
  printer.openObject("flow");
  printer.text(from === 0 ? "realm " : "realms ");
  if (from !== 0) printer.fact("from", `${names.realms.shown(from)}/`, names.realms.shown(from));
  printer.fact("to", `${to} `, to);
  printer.closeObject();
}
