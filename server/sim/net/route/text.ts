import type { Namespace } from "../namespace.ts";
import { TABLE_DEFAULT, TABLE_LOCAL, TABLE_MAIN, type RouteRow } from "./row.ts";

/** A route as `ip route show` prints it, with `table` where it is not the main one. */
export function routeText(ns: Namespace, row: RouteRow): string {
  const words: string[] = [];
  if (row.type !== "unicast") words.push(row.type);
  words.push(destinationText(row));
  const [first] = row.hops;
  const single = row.hops.length === 1 ? first : undefined;
  if (single?.via !== undefined) words.push("via", single.via);
  if (single) words.push("dev", ns.links.get(single.link)?.name ?? `if${single.link}`);
  if (row.table !== TABLE_MAIN) words.push("table", tableName(row.table));
  if (row.protocol !== "boot") words.push("proto", row.protocol);
  if (row.family === 4 && row.scope !== "global") words.push("scope", String(row.scope));
  if (row.source !== undefined) words.push("src", row.source);
  if (row.metric !== 0 || row.family === 6) words.push("metric", String(row.metric));
  if (single?.onlink) words.push("onlink");
  if (row.mtu !== undefined) words.push("mtu", String(row.mtu));
  if (row.hops.length > 1) {
    for (const hop of row.hops) {
      words.push("nexthop");
      if (hop.via !== undefined) words.push("via", hop.via);
      words.push("dev", ns.links.get(hop.link)?.name ?? `if${hop.link}`, "weight", String(hop.weight ?? 1));
    }
  }
  return words.join(" ");
}

export function destinationText(row: RouteRow): string {
  if (row.to === "0.0.0.0/0" || row.to === "::/0") return "default";
  return row.to.endsWith(row.family === 4 ? "/32" : "/128") ? row.to.slice(0, row.to.indexOf("/")) : row.to;
}

export function tableName(table: number): string {
  switch (table) {
    case TABLE_LOCAL:
      return "local";
    case TABLE_MAIN:
      return "main";
    case TABLE_DEFAULT:
      return "default";
    default:
      return String(table);
  }
}
