import { deleteFdb, listFdb, putFdb, type FdbRow, type LinkRow, type Mac } from "../../sim/net/index.ts";
import type { IpCall } from "../ip/call.ts";
import { Exit } from "../ip/exit.ts";

export interface FdbWish {
  readonly mac: Mac;
  readonly link: LinkRow;
  readonly remote?: string;
  readonly self: boolean;
  readonly master: boolean;
  readonly state?: FdbRow["state"];
}

/** Changes the table of a bridge (`master`), or of a vxlan or link itself (`self`, which is meant if nothing is said). */
export function changeFdb(call: IpCall, wish: FdbWish, mode: "add" | "append" | "replace" | "delete"): number {
  const { ns } = call;
  const { link, mac, remote } = wish;
  call.requireAdmin();
  if (link.kind === "loopback") throw new Exit(255, "Error: FDB add only supported for Ethernet devices.\n");
  const table = wish.master ? link.master : link.index;
  if (table === undefined) throw answer("Operation not supported");
  const known = listFdb(ns).find((row) => row.table === table && row.mac === mac);
  if (mode === "delete") return remove(call, wish, table, known);
  if (
    known &&
    mode === "add" &&
    !(link.kind === "vxlan" && remote !== undefined && isUnknown(mac) && !known.remotes?.includes(remote))
  )
    throw answer("File exists");
  if (link.kind === "vxlan" && !wish.master) {
    if (remote === undefined) throw answer("Invalid argument");
    const before = mode === "append" ? (known?.remotes ?? []) : [];
    const remotes = before.includes(remote) ? before : [...before, remote];
    putFdb(ns, { mac, table, link: link.index, state: wish.state ?? "permanent", remotes, updated: ns.kernel.now });
    return 0;
  }
  putFdb(ns, { mac, table, link: link.index, state: wish.state ?? "permanent", updated: ns.kernel.now });
  return 0;
}

/** All zeros: where frames to unknown addresses go. */
function isUnknown(mac: Mac): boolean {
  return mac === "00:00:00:00:00:00";
}

function remove({ ns }: IpCall, { mac, remote }: FdbWish, table: number, known: FdbRow | undefined): number {
  if (!known) throw answer("No such file or directory");
  const left = known.remotes?.filter((other) => other !== remote) ?? [];
  if (remote !== undefined && left.length === known.remotes?.length) throw answer("No such file or directory");
  if (remote === undefined || left.length === 0) deleteFdb(ns, table, mac);
  else putFdb(ns, { ...known, remotes: left });
  return 0;
}

function answer(words: string): Exit {
  return new Exit(255, `RTNETLINK answers: ${words}\n`);
}
