import { saveRules } from "../../server/sim/net/index.ts";
import type { Scene } from "../scene/scene.ts";

/** The nodes by the address that the cluster knows them by. */
export function nodeAddresses(scene: Scene): readonly { readonly name: string; readonly address: string }[] {
  return scene.objects.nodes().flatMap(({ metadata, status }) => {
    const address = status.addresses?.find(({ type }) => type === "InternalIP")?.address;
    return address === undefined ? [] : [{ name: metadata.name, address }];
  });
}

/** From `low` to `high`, without some. */
export interface PortRange {
  readonly low: number;
  readonly high: number;
  readonly except: readonly number[];
}

/**
 * Of a range of ports of the nodes, those on which anything could answer: listening sockets, node ports of Services, ports
 * that a rule names, and the first one for rules that name none. Trying all of them would find nothing else.
 */
export function portsOfInterest(scene: Scene, { low, high, except }: PortRange): readonly number[] {
  let first = low;
  while (except.includes(first)) first++;
  const ports = new Set<number>([first]);
  for (const { spec } of scene.objects.services())
    for (const { nodePort } of spec.ports ?? []) if (nodePort !== undefined) ports.add(nodePort);
  for (const pod of scene.objects.pods())
    for (const container of pod.spec.containers)
      for (const { hostPort } of container.ports ?? []) if (hostPort !== undefined) ports.add(hostPort);
  for (const { name } of nodeAddresses(scene)) {
    const ns = scene.world.network.find(name);
    if (!ns) continue;
    for (const { protocol, state, port } of ns.sockets.values())
      if (protocol === "tcp" && state === "listen") ports.add(port);
    for (const port of portsInRules(saveRules(ns))) ports.add(port);
  }
  return [...ports].filter((port) => port >= low && port <= high && !except.includes(port)).sort((a, b) => a - b);
}

/** Numbers behind `--dport` and `--dports`: single ones, and both ends of ranges. */
function portsInRules(rules: string): number[] {
  return [...rules.matchAll(/--d(?:estination-)?ports? (?:! )?([\d,:]+)/g)].flatMap((match) =>
    match[1]!
      .split(/[,:]/)
      .filter((text) => text !== "")
      .map(Number),
  );
}
