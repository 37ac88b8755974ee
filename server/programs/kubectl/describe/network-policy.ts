import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from "../../../sim/kube/api/index.ts";
import { writeAnnotations, writeLabels, type Description } from "./description.ts";
import { formatSelector } from "./selector-text.ts";
import type { DescribeSession, Subject } from "./session.ts";

/** One direction of traffic, and the words for it. */
interface Direction {
  readonly name: "ingress" | "egress";
  readonly peer: "From" | "To";
  readonly end: "source" | "destination";
}

interface Rule {
  readonly ports?: readonly NetworkPolicyPort[];
  readonly peers?: readonly NetworkPolicyPeer[];
}

const INGRESS: Direction = { name: "ingress", peer: "From", end: "source" };
const EGRESS: Direction = { name: "egress", peer: "To", end: "destination" };

/** Rules stand at this level. */
const RULE = 2;

/** kubectl pkg/describe NetworkPolicyDescriber; events are not shown. */
export async function describeNetworkPolicy(session: DescribeSession, subject: Subject): Promise<string> {
  const { metadata, spec } = await session.get<NetworkPolicy>(subject);
  const { podSelector, policyTypes = [] } = spec;
  const out = session.paper();
  out.field("Name", metadata.name);
  out.field("Namespace", metadata.namespace ?? "");
  out.field("Created on", goTime(metadata.creationTimestamp));
  writeLabels(out, "Labels", metadata.labels);
  writeAnnotations(out, "Annotations", metadata.annotations);
  out.line(0, "Spec:");
  out.write(1, "PodSelector: ");
  const all = "<none> (Allowing the specific traffic to all pods in this namespace)";
  const isEmpty = !podSelector.matchExpressions?.length && Object.keys(podSelector.matchLabels ?? {}).length === 0;
  out.line(2, isEmpty ? all : formatSelector(podSelector));
  const write = (type: string, direction: Direction, rules: readonly Rule[]): void => {
    if (!policyTypes.includes(type)) return out.line(1, `Not affecting ${direction.name} traffic`);
    out.line(1, `Allowing ${direction.name} traffic:`);
    writeRules(out, direction, rules);
  };
  write(
    "Ingress",
    INGRESS,
    (spec.ingress ?? []).map(({ ports = [], from = [] }) => ({ ports, peers: from })),
  );
  write(
    "Egress",
    EGRESS,
    (spec.egress ?? []).map(({ ports = [], to = [] }) => ({ ports, peers: to })),
  );
  out.line(1, `Policy Types: ${policyTypes.length > 0 ? policyTypes.join(", ") : "<none>"}`);
  return out.text;
}

function writeRules(out: Description, { name, peer, end }: Direction, rules: readonly Rule[]): void {
  if (rules.length === 0) out.line(RULE, `<none> (Selected pods are isolated for ${name} connectivity)`);
  rules.forEach(({ ports = [], peers = [] }, at) => {
    if (ports.length === 0) out.line(RULE, "To Port: <any> (traffic allowed to all ports)");
    for (const { port = "<nil>", endPort, protocol = "TCP" } of ports) {
      if (endPort === undefined) out.line(RULE, `To Port: ${port}/${protocol}`);
      else out.line(RULE, `To Port Range: ${port}-${endPort}/${protocol}`);
    }
    if (peers.length === 0) out.line(RULE, `${peer}: <any> (traffic not restricted by ${end})`);
    for (const one of peers) {
      out.line(RULE, `${peer}:`);
      writePeer(out, one);
    }
    if (at < rules.length - 1) out.line(RULE, "----------");
  });
}

function writePeer(out: Description, { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer): void {
  if (namespaceSelector) out.line(RULE + 1, `NamespaceSelector: ${formatSelector(namespaceSelector)}`);
  if (podSelector) out.line(RULE + 1, `PodSelector: ${formatSelector(podSelector)}`);
  if (podSelector || namespaceSelector || !ipBlock) return;
  out.line(RULE + 1, "IPBlock:");
  out.line(RULE + 2, `CIDR: ${ipBlock.cidr}`);
  out.line(RULE + 2, `Except: ${(ipBlock.except ?? []).join(", ")}`);
}

/** `2026-11-20 08:00:00 +0000 UTC` (Go's time.Time as text). */
function goTime(time: string | null | undefined): string {
  return `${(time ?? "0001-01-01T00:00:00Z").slice(0, 19).replace("T", " ")} +0000 UTC`;
}
