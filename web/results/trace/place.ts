import type { TraceHop } from "../../../grader/trace.ts";

/** Where something happens: a Pod, another network namespace, or a machine. */
export interface Place {
  readonly key: string;
  readonly name: string;
  /** What it is: `Pod in shop, on node01`. */
  readonly is: string;
}

export function placeOf({ host, netns }: Pick<TraceHop, "host" | "netns">): Place {
  const key = `${host}|${netns}`;
  const [, namespace, pod] = /^Pod ([^/]+)\/(.+)$/.exec(netns) ?? [];
  if (pod !== undefined) return { key, name: pod, is: `Pod in ${namespace!}, on ${host}` };
  if (netns !== "" && netns !== host) return { key, name: netns, is: `namespace on ${host}` };
  if (host === "outside") return { key, name: host, is: "not in the cluster" };
  if (host === "router") return { key, name: host, is: "between the networks" };
  return { key, name: host, is: "node" };
}

/** A place in a sentence: `Pod cart-… on node01`, `node01`. */
export function placeWords(hop: Pick<TraceHop, "host" | "netns">): string {
  const { name } = placeOf(hop);
  if (hop.netns.startsWith("Pod ")) return `Pod ${name} on ${hop.host}`;
  return name === hop.host ? name : `${name} on ${hop.host}`;
}
