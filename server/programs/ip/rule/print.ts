import { protocolName, rulesOf, TABLE_MAIN, type PolicyRuleRow } from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import { colorOf, printService } from "../route/parts.ts";
import { typeNumber } from "../route/types.ts";

/** Priorities of the rules that every namespace starts with. */
const KERNEL = [0, 32766, 32767];

/** One rule (ip/iprule.c: print_rule). */
export function printRule(call: IpCall, row: PolicyRuleRow): void {
  const { printer, options } = call;
  printer.openObject();
  printer.fact("priority", `${row.priority}:\t`, row.priority);
  if (row.not) printer.fact("not", "not ", null);
  printEnd(call, "from", ["src", "srclen"], row.from);
  if (row.to !== undefined) printEnd(call, "to", ["dst", "dstlen"], row.to);
  if (row.tos !== undefined && row.tos !== 0) printService(call, row.tos);
  if (row.mark) printMark(call, row.mark);
  for (const name of ["iif", "oif"] as const) {
    const link = row[name];
    if (link === undefined) continue;
    printer.text(`${name} `);
    printer.fact(name, `${link} `, link, "interface");
    if (!call.findLink(link)) printer.fact(`${name}_detached`, "[detached] ", null);
  }
  if (row.uids) {
    printer.text(`uidrange ${row.uids[0]}-${row.uids[1]} `);
    printer.field("uid_start", row.uids[0]);
    printer.field("uid_end", row.uids[1]);
  }
  if (row.protocol !== undefined) {
    const protocol = protocolName(row.protocol) ?? String(row.protocol);
    printer.fact("ipproto", `ipproto ${protocol} `, protocol);
  }
  for (const name of ["sport", "dport"] as const) printPorts(call, name, row[name]);
  if (row.tunnel !== undefined) printer.fact("tun_id", `tun_id ${row.tunnel} `, row.tunnel);
  printAction(call, row, call.family === 6 ? 6 : 4);
  const protocol = row.protocolName ?? (KERNEL.includes(row.priority) ? "kernel" : "unspec");
  if (row.protocolName !== undefined || options.details) printer.fact("protocol", ` proto ${protocol}`, protocol);
  printer.text("\n");
  printer.closeObject();
}

function printEnd(
  { printer }: IpCall,
  word: string,
  [key, lengthKey]: readonly [string, string],
  prefix?: string,
): void {
  printer.text(`${word} `);
  if (prefix === undefined) return printer.fact(key, "all ", "all");
  const slash = prefix.indexOf("/");
  const [address, length] = [prefix.slice(0, slash), Number(prefix.slice(slash + 1))];
  const whole = length === (address.includes(":") ? 128 : 32);
  printer.fact(key, whole ? `${address} ` : address, address, colorOf(address));
  if (!whole) printer.fact(lengthKey, `/${length} `, length);
}

function printMark({ printer }: IpCall, { value, mask }: { readonly value: number; readonly mask: number }): void {
  const [mark, bits] = [value, mask].map((number) => (number === 0 ? "0" : `0x${(number >>> 0).toString(16)}`)) as [
    string,
    string,
  ];
  printer.fact("fwmark", `fwmark ${mark}`, mark);
  if (mask !== 0xffff_ffff) printer.fact("fwmask", `/${bits}`, bits);
  printer.text(" ");
}

function printPorts({ printer }: IpCall, name: string, ports: readonly [number, number] | undefined): void {
  if (!ports) return;
  const [low, high] = ports;
  if (low === high) return printer.fact(name, `${name} ${low} `, low);
  printer.text(`${name} ${low}-${high} `);
  printer.field(`${name}_start`, low);
  printer.field(`${name}_end`, high);
}

function printAction(call: IpCall, row: PolicyRuleRow, family: 4 | 6): void {
  const { printer, names } = call;
  const { action } = row;
  if (row.l3mdev) return printer.fact("l3mdev", "lookup [l3mdev-table]", null);
  if (action === "masquerade") {
    const main = names.tables.shown(TABLE_MAIN);
    printer.fact("table", `lookup ${main} `, main);
    return printer.fact("masquerade", "masquerade", null);
  }
  if (action === "nop") return printer.fact("nop", "nop", null);
  if (typeof action === "string") {
    const shown = call.options.numeric ? String(typeNumber(action)) : action;
    printer.fact("action", shown, shown);
    return;
  }
  if ("goto" in action) {
    printer.fact("goto", `goto ${action.goto}`, action.goto);
    const there = rulesOf(call.ns, family).some(({ priority }) => priority === action.goto);
    if (!there) printer.fact("unresolved", " [unresolved]", null);
    return;
  }
  const table = names.tables.shown(action.table);
  printer.fact("table", `lookup ${table}`, table);
  if (row.suppressPrefixLength !== undefined)
    printer.fact("suppress_prefixlen", ` suppress_prefixlength ${row.suppressPrefixLength}`, row.suppressPrefixLength);
  if (row.suppressGroup !== undefined) {
    const group = names.groups.name(row.suppressGroup);
    printer.fact("suppress_ifgroup", ` suppress_ifgroup ${group}`, group);
  }
  if (row.realms !== undefined) {
    const from = Math.trunc(row.realms / 0x1_0000);
    printer.text(" realms ");
    if (from !== 0) printer.fact("flow_from", `${names.realms.shown(from)}/`, names.realms.shown(from));
    const to = names.realms.shown(row.realms % 0x1_0000);
    printer.fact("flow_to", to, to);
  }
}
