import type { Namespace } from "../namespace.ts";
import { NO_COUNT, type Counter } from "./row.ts";

/** Accounting objects of a namespace (nfnetlink_acct), by name: what `nfacct list` shows. */
function accounts(ns: Namespace) {
  return ns.quietRows<string, Counter>("nfacct");
}

export function account(ns: Namespace, name: string): Counter | undefined {
  return accounts(ns).get(name);
}

/** Makes an accounting object unless there is one of that name (`nfacct add`). */
export function ensureAccount(ns: Namespace, name: string): void {
  if (!accounts(ns).has(name)) accounts(ns).set(name, NO_COUNT);
}

export function addToAccount(ns: Namespace, name: string, packets: number, bytes: number): void {
  const known = accounts(ns).get(name);
  if (known) accounts(ns).set(name, { packets: known.packets + packets, bytes: known.bytes + bytes });
}
