import type { NexthopRow } from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import { printDevice, printGateway } from "./parts.ts";

/** The facts of a nexthop object (ip/ipnexthop.c: print_nexthop). */
export function printNexthop(call: IpCall, row: NexthopRow): void {
  const { printer, options, names } = call;
  const { hop, group } = row;
  printer.fact("id", `id ${row.id} `, row.id);
  if (group) printGroup(call, group);
  if (hop?.via !== undefined) printGateway(call, hop.via);
  if (hop) printDevice(call, hop.link);
  const scope = hop === undefined ? "global" : hop.via === undefined ? "host" : "link";
  if (scope !== "global" || options.details) printer.fact("scope", `scope ${names.scopes.shownName(scope)} `, scope);
  if (row.blackhole) printer.fact("blackhole", "blackhole ", null);
  if (row.protocol !== "unspec" || options.details) {
    const protocol = names.protocols.shownName(row.protocol);
    printer.fact("protocol", `proto ${protocol} `, protocol);
  }
  printer.openArray("flags");
  if (hop?.onlink) printer.fact(undefined, "onlink ", "onlink");
  printer.closeArray();
}

function printGroup({ printer }: IpCall, group: NonNullable<NexthopRow["group"]>): void {
  printer.openArray("group", "group ");
  for (const [at, { id, weight }] of group.entries()) {
    printer.openObject();
    printer.fact("id", `${at === 0 ? "" : "/"}${id}`, id);
    if (weight > 1) printer.fact("weight", `,${weight}`, weight);
    printer.closeObject();
  }
  printer.closeArray(" ");
}
