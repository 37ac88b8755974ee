import type { Namespace } from "../namespace.ts";
import type { ConntrackRow } from "./row.ts";

export type FlowEventKind = "NEW" | "UPDATE" | "DESTROY";

/** The program that did it, where it was not a packet or the time. */
export interface FlowAuthor {
  readonly pid: number;
  readonly name?: string;
}

export interface FlowEvent {
  readonly kind: FlowEventKind;
  readonly row: ConntrackRow;
  readonly author?: FlowAuthor | undefined;
}

export interface FlowWatcher {
  readonly namespace: string;
  take(event: FlowEvent): void;
}

/** Tells of every flow of a namespace that comes, changes or goes from now on (nf_conntrack_ecache), until it is closed. */
export function watchFlows(ns: Namespace, take: (event: FlowEvent) => void): () => void {
  const { network } = ns;
  const watcher: FlowWatcher = { namespace: ns.id, take };
  network.flowWatchers = [...(network.flowWatchers ?? []), watcher];
  return () => {
    const left = (network.flowWatchers ?? []).filter((other) => other !== watcher);
    network.flowWatchers = left.length > 0 ? left : undefined;
  };
}

export function tellOfFlow(ns: Namespace, kind: FlowEventKind, row: ConntrackRow, author?: FlowAuthor): void {
  for (const { namespace, take } of ns.network.flowWatchers ?? []) if (namespace === ns.id) take({ kind, row, author });
}

/** What counts as a change; that a flow lives longer does not. */
export function isFlowChange(before: ConntrackRow, after: ConntrackRow): boolean {
  return (
    before.tcp !== after.tcp ||
    before.assured !== after.assured ||
    before.seenReply !== after.seenReply ||
    before.mark !== after.mark
  );
}
