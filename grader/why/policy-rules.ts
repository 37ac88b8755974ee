import {
  matchesLabels,
  selectorText,
  validSelector,
  type LabelSelector,
  type NetworkPolicy,
  type NetworkPolicyPeer,
  type NetworkPolicyPort,
  type Pod,
} from "../../server/sim/kube/api/index.ts";
import { contains, parseAddress, parsePrefix } from "../../server/sim/net/index.ts";
import type { Scene } from "../scene/scene.ts";
import { listed } from "./explanation.ts";

export type Direction = "ingress" | "egress";

/** One end of a connection as a NetworkPolicy sees it. */
export interface End {
  readonly address: string;
  /** With an address of its own: policies know no other Pods. */
  readonly pod: Pod | undefined;
}

/** A connection at the Pod whose policies are asked: who is at its other end, and which port it goes to. */
export interface Passage {
  readonly direction: Direction;
  readonly pod: Pod;
  readonly peer: End;
  /** Of a Pod or another receiver: after all translations. */
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
}

/** What one policy has to say to a connection. */
export interface PolicyVerdict {
  readonly policy: NetworkPolicy;
  /** What of the policy lets it pass, `rule 1 is for all Pods of namespace shop, on any port`; undefined if nothing does. */
  readonly allows: string | undefined;
  /** What the policy lets pass: `lets in nobody`, `lets in Pods with app=api of namespace shop, on TCP 80`. */
  readonly words: string;
  /** The other end would do, only the port is another. */
  readonly portOnly: boolean;
  /** Ports that would have done, as numbers. */
  readonly ports: readonly number[];
}

interface Rule {
  readonly peers: readonly NetworkPolicyPeer[];
  readonly ports: readonly NetworkPolicyPort[];
}

/** The policies that a Pod is isolated by in a direction, by what they say to a connection. */
export function policyVerdicts(scene: Scene, passage: Passage): readonly PolicyVerdict[] {
  return policiesFor(scene, passage.pod, passage.direction).map((policy) => verdict(scene, policy, passage));
}

export function policiesFor(scene: Scene, pod: Pod, direction: Direction): readonly NetworkPolicy[] {
  const type = direction === "ingress" ? "Ingress" : "Egress";
  return policiesOf(scene, pod).filter(({ spec }) => (spec.policyTypes ?? ["Ingress"]).includes(type));
}

/** The policies whose selector chooses a Pod, whatever direction they are for. */
export function policiesOf(scene: Scene, { metadata }: Pod): readonly NetworkPolicy[] {
  return allPolicies(scene, metadata.namespace).filter(({ spec }) =>
    matchesLabels(validSelector(spec.podSelector), metadata.labels),
  );
}

export function allPolicies(scene: Scene, namespace?: string): readonly NetworkPolicy[] {
  if (!scene.hasCluster || !scene.objects.kinds.some(({ plural, group }) => plural === "networkpolicies" && group === GROUP))
    return [];
  return scene.objects.list(`networkpolicies.${GROUP}`, namespace).objects as readonly NetworkPolicy[];
} // prettier-ignore

const GROUP = "networking.k8s.io";

function verdict(scene: Scene, policy: NetworkPolicy, passage: Passage): PolicyVerdict {
  const { direction } = passage;
  const own = policy.metadata.namespace ?? "";
  const rules = rulesOf(policy, direction);
  const known = rules.map((rule) => ({
    rule,
    peer: rule.peers.find((peer) => isPeer(scene, peer, passage.peer, own)),
    port: rule.ports.length === 0 || rule.ports.some((port) => isPort(port, passage)),
  }));
  const met = known.map(({ rule, peer }) => rule.peers.length === 0 || peer !== undefined);
  const at = known.findIndex(({ port }, index) => port && met[index]!);
  const near = known.filter((_, index) => met[index]!);
  // Rules for everybody say less about this connection than one that names its other end.
  const named = near.filter(({ peer }) => peer !== undefined);
  const lets = direction === "ingress" ? "lets in" : "lets it out to";
  const words = (shown: readonly { readonly rule: Rule; readonly peer: NetworkPolicyPeer | undefined }[]): string =>
    listed(
      shown.map(({ rule, peer }) => {
        const peers = peer ? [peer] : rule.peers;
        const who = peers.length === 0 ? EVERYBODY[direction] : listed(peers.map((one) => peerWords(one, own)));
        return `${who}${portsWords(rule.ports)}`;
      }),
    );
  const nobody = direction === "ingress" ? "nobody" : "nowhere";
  return {
    policy,
    allows: at < 0 ? undefined : `its ${direction} rule ${at + 1} ${lets} ${words([known[at]!])}`,
    words: `${lets} ${rules.length === 0 ? nobody : words(at < 0 && named.length > 0 ? named : known.map(({ rule }) => ({ rule, peer: undefined })))}`,
    portOnly: at < 0 && near.length > 0,
    ports: near.flatMap(({ rule }) => rule.ports.flatMap(({ port }) => (typeof port === "number" ? [port] : []))),
  };
}

/** One rule of a policy: in words, `Pods with app=api of namespace shop on TCP 80`, and the Pods of now that it means. */
export interface PolicyRule {
  readonly words: string;
  readonly pods: readonly Pod[];
}

/** What a policy lets pass in a direction, rule by rule; undefined if it says nothing about that direction. */
export function policyRules(
  scene: Scene,
  policy: NetworkPolicy,
  direction: Direction,
): readonly PolicyRule[] | undefined {
  const type = direction === "ingress" ? "Ingress" : "Egress";
  if (!(policy.spec.policyTypes ?? ["Ingress"]).includes(type)) return undefined;
  const own = policy.metadata.namespace ?? "";
  return rulesOf(policy, direction).map(({ peers, ports }) => ({
    words: `${peers.length === 0 ? EVERYBODY[direction] : listed(peers.map((peer) => peerWords(peer, own)))}${portsWords(ports)}`,
    pods: scene.objects
      .pods()
      .filter((pod) => peers.some((peer) => isPeer(scene, peer, { address: pod.status.podIP ?? "", pod }, own))),
  }));
}

const EVERYBODY = { ingress: "everybody", egress: "everywhere" } as const;

function rulesOf({ spec }: NetworkPolicy, direction: Direction): Rule[] {
  return direction === "ingress"
    ? (spec.ingress ?? []).map(({ from = [], ports = [] }) => ({ peers: from, ports }))
    : (spec.egress ?? []).map(({ to = [], ports = [] }) => ({ peers: to, ports }));
}

function isPeer(scene: Scene, peer: NetworkPolicyPeer, { address, pod }: End, own: string): boolean {
  const { ipBlock, podSelector, namespaceSelector } = peer;
  if (ipBlock) return inCidr(ipBlock.cidr, address) && !(ipBlock.except ?? []).some((cidr) => inCidr(cidr, address));
  if (!pod) return false;
  const { namespace = "", labels } = pod.metadata;
  const there = namespaceSelector
    ? matchesLabels(validSelector(namespaceSelector), namespaceLabels(scene, namespace))
    : namespace === own;
  return there && (!podSelector || matchesLabels(validSelector(podSelector), labels));
}

/** The labels of a namespace, of which the API server sets one itself. */
export function namespaceLabels(scene: Scene, name: string): Readonly<Record<string, string>> {
  return scene.objects.find(`namespace/${name}`, undefined).object?.metadata.labels ?? {};
}

function isPort({ protocol = "TCP", port, endPort }: NetworkPolicyPort, passage: Passage): boolean {
  if (protocol !== passage.protocol) return false;
  if (port === undefined) return true;
  if (typeof port === "number") return passage.port >= port && passage.port <= (endPort ?? port);
  // A name is looked up at who receives.
  const receiver = passage.direction === "ingress" ? passage.pod : passage.peer.pod;
  return (receiver?.spec.containers ?? []).some(({ ports = [] }) =>
    ports.some(
      (own) => own.name === port && own.containerPort === passage.port && (own.protocol ?? "TCP") === protocol,
    ),
  );
}

function inCidr(cidr: string, text: string): boolean {
  const prefix = parsePrefix(cidr);
  const address = parseAddress(text);
  return prefix !== undefined && address !== undefined && contains(prefix, address);
}

/** `Pods with app=api of namespace shop`, `all Pods of namespaces with team=ops`, `10.0.0.0/8 without 10.1.0.0/16`. */
function peerWords({ ipBlock, podSelector, namespaceSelector }: NetworkPolicyPeer, own: string): string {
  if (ipBlock) {
    const { cidr, except = [] } = ipBlock;
    return `${cidr}${except.length > 0 ? ` without ${listed(except)}` : ""}`;
  }
  const labels = textOf(podSelector);
  const who = labels === "" ? "all Pods" : `Pods with ${labels}`;
  if (!namespaceSelector) return `${who} of namespace ${own}`;
  const spaces = textOf(namespaceSelector);
  return spaces === "" ? `${who} of all namespaces` : `${who} of namespaces with ${spaces}`;
}

function textOf(selector: LabelSelector | undefined): string {
  return selector ? selectorText(validSelector(selector)) : "";
}

/** `, on TCP 80 and 443`; nothing if all ports are meant. */
function portsWords(ports: readonly NetworkPolicyPort[]): string {
  if (ports.length === 0) return "";
  const words = ports.map(({ protocol = "TCP", port, endPort }) =>
    port === undefined ? `any ${protocol} port` : `${protocol} ${port}${endPort === undefined ? "" : `-${endPort}`}`,
  );
  return ` on ${listed(words)}`;
}
