import {
  matchesLabels, selectorText, validSelector, type LabelSelector, type Namespace, type NetworkPolicy, type NetworkPolicyPeer, type NetworkPolicyPort, type Pod, type Selector,
} from "../../../api/index.ts"; // prettier-ignore
import { addressText, networkOf, parsePrefix, prefixText } from "../../../../net/index.ts";
import { setName } from "./short-name.ts";

export const CHAINS = {
  main: "WEAVE-NPC",
  default: "WEAVE-NPC-DEFAULT",
  ingress: "WEAVE-NPC-INGRESS",
  egress: "WEAVE-NPC-EGRESS",
  egressDefault: "WEAVE-NPC-EGRESS-DEFAULT",
  egressCustom: "WEAVE-NPC-EGRESS-CUSTOM",
  egressMark: "WEAVE-NPC-EGRESS-ACCEPT",
} as const;

export type RuleChain = "default" | "ingress" | "egressDefault" | "egressCustom";

export interface WantedSet {
  readonly type: "hash:ip" | "hash:net" | "list:set";
  /** With what is said about each. */
  readonly members: ReadonlyMap<string, string>;
}

/** What weave-npc wants to stand in the kernel of its node: the same on all nodes. */
export interface Wanted {
  readonly sets: ReadonlyMap<string, WantedSet>;
  /** Words of rules, by chain. */
  readonly rules: Readonly<Record<RuleChain, readonly (readonly string[])[]>>;
  /** Policies that it does not take, and why. */
  readonly refused: ReadonlyMap<string, string>;
}

export interface Objects {
  readonly namespaces: readonly Namespace[];
  readonly pods: readonly Pod[];
  readonly policies: readonly NetworkPolicy[];
}

/** One end of a rule: its words and what its comment calls it. */
interface End {
  readonly words: readonly string[];
  readonly comment: string;
}

/** npc/namespace.go, npc/analyser.go (v2.8), from all objects at once. */
export function wanted({ namespaces, pods, policies }: Objects): Wanted {
  const sets = new Map<string, { type: WantedSet["type"]; members: Map<string, string> }>();
  const rules: Record<RuleChain, string[][]> = { default: [], ingress: [], egressDefault: [], egressCustom: [] };
  const refused = new Map<string, string>();
  const byNamespace = Map.groupBy(pods.filter(hasIP), ({ metadata }) => metadata.namespace!);
  const inNamespace = (name: string): readonly Pod[] => byNamespace.get(name) ?? [];
  const accepted = policies.filter((policy) => {
    const name = `${policy.metadata.namespace}/${policy.metadata.name}`;
    const port = namedPort(policy);
    if (port !== undefined) refused.set(name, `named ports in network policies is not supported yet. Rejecting network policy: ${policy.metadata.name} from further processing. named port ${port} in network policy`); // prettier-ignore
    return port === undefined;
  });

  const addressSet = (name: string, members: readonly Pod[]): string => {
    if (!sets.has(name)) sets.set(name, { type: "hash:ip", members: new Map(members.map((pod) => [pod.status.podIP!, podComment(pod)])) }); // prettier-ignore
    return name;
  };
  const chosenIn = (namespace: string, selector: Selector): readonly Pod[] =>
    inNamespace(namespace).filter(({ metadata }) => matchesLabels(selector, metadata.labels));
  const podEnd = (namespace: string, selector: LabelSelector): { set: string; comment: string } => {
    const parsed = validSelector(selector);
    const key = selectorText(parsed);
    const set = addressSet(setName(`${namespace}:${key}`), chosenIn(namespace, parsed));
    return { set, comment: `pods: namespace: ${namespace}, selector: ${key}` };
  };
  const allPods = (namespace: string): string => podEnd(namespace, {}).set;

  for (const { metadata } of namespaces) {
    const { name } = metadata;
    allPods(name);
    const free = (type: string): readonly Pod[] => {
      const isolating = accepted
        .filter((policy) => policy.metadata.namespace === name && policy.spec.policyTypes?.includes(type))
        .map(({ spec }) => validSelector(spec.podSelector));
      return inNamespace(name).filter((pod) => !isolating.some((one) => matchesLabels(one, pod.metadata.labels)));
    };
    const ingress = addressSet(setName(`ingress-default-allow:${name}`), free("Ingress"));
    const egress = addressSet(setName(`egress-default-allow:${name}`), free("Egress"));
    const comment = (what: string): string[] => ["-m", "comment", "--comment", `DefaultAllow ${what} isolation for namespace: ${name}`]; // prettier-ignore
    rules.default.push(["-m", "set", "--match-set", ingress, "dst", ...comment("ingress"), "-j", "ACCEPT"]);
    for (const target of [CHAINS.egressMark, "RETURN"])
      rules.egressDefault.push(["-m", "set", "--match-set", egress, "src", ...comment("egress"), "-j", target]);
  }

  const peerEnd = (peer: NetworkPolicyPeer, namespace: string, source: boolean): End => {
    const side = source ? "src" : "dst";
    const { podSelector, namespaceSelector, ipBlock } = peer;
    if (ipBlock) return blockEnd(ipBlock.cidr, ipBlock.except ?? [], namespace, source);
    if (!namespaceSelector) {
      const { set, comment } = podEnd(namespace, podSelector!);
      return { words: ["-m", "set", "--match-set", set, side], comment };
    }
    const spaces = validSelector(namespaceSelector);
    const matching = namespaces.filter(({ metadata }) => matchesLabels(spaces, metadata.labels));
    if (podSelector) {
      const parsed = validSelector(podSelector);
      const key = `${selectorText(parsed)},${selectorText(spaces)}`;
      const members = matching.flatMap(({ metadata }) => chosenIn(metadata.name, parsed));
      const set = addressSet(setName(`:${key}`), members);
      return { words: ["-m", "set", "--match-set", set, side], comment: `pods: namespace selector: ${selectorText(spaces)}, pod selector: ${selectorText(parsed)}` }; // prettier-ignore
    }
    const key = selectorText(spaces);
    const set = setName(`:${key}`);
    const members = matching.map(({ metadata }) => [allPods(metadata.name), `namespace: ${metadata.name}`] as const);
    sets.set(set, { type: "list:set", members: new Map(members) });
    return { words: ["-m", "set", "--match-set", set, side], comment: `namespaces: selector: ${key}` };
  };

  const blockEnd = (cidr: string, except: readonly string[], namespace: string, source: boolean): End => {
    const words = [source ? "-s" : "-d", cidr];
    if (except.length === 0) return { words, comment: `cidr: ${cidr}` };
    const key = [...except].sort().join(" ");
    const set = setName(`ipblock-except:${namespace}:${key}`);
    const members = new Map(except.map((part) => [elementOf(part), `excepted from ${cidr}`]));
    sets.set(set, { type: "hash:net", members });
    const excepted = ["-m", "set", "!", "--match-set", set, source ? "src" : "dst"];
    return { words: [...words, ...excepted], comment: `cidr: ${cidr} except [${key}]` };
  };

  const known = new Set<string>();
  const add = (chain: "ingress" | "egressCustom", words: readonly string[], targets: readonly string[]): void => {
    const key = words.join(" ");
    if (known.has(key)) return;
    known.add(key);
    for (const target of targets) rules[chain].push([...words, "-j", target]);
  };
  for (const { metadata, spec } of accepted) {
    const namespace = metadata.namespace!;
    const own = podEnd(namespace, spec.podSelector);
    const target = (side: string): End => ({
      words: ["-m", "set", "--match-set", own.set, side],
      comment: own.comment,
    });
    for (const { from = [], ports = [] } of spec.ingress ?? [])
      for (const peer of from.length === 0
        ? [ANYWHERE]
        : from.filter(isFour).map((one) => peerEnd(one, namespace, true)))
        for (const port of portWords(ports))
          add("ingress", ruleWords(port, peer, target("dst"), "ingress"), ["ACCEPT"]);
    for (const { to = [], ports = [] } of spec.egress ?? [])
      for (const peer of to.length === 0 ? [ANYWHERE] : to.filter(isFour).map((one) => peerEnd(one, namespace, false)))
        for (const port of portWords(ports))
          add("egressCustom", ruleWords(port, target("src"), peer, "egress"), [CHAINS.egressMark, "RETURN"]);
  }
  return { sets, rules, refused };
}

/** Its rules are for IPv4 only. */
function isFour({ ipBlock }: NetworkPolicyPeer): boolean {
  return !ipBlock?.cidr.includes(":");
}

/** How a set of networks calls one: without bits beyond its prefix, and one address without a length. */
function elementOf(cidr: string): string {
  const { address, length } = parsePrefix(cidr)!;
  const first = networkOf(address as number, length);
  return length === 32 ? addressText(first) : prefixText({ address: first, length });
}

const ANYWHERE: End = { words: [], comment: "anywhere" };

interface PortWords {
  readonly protocol: readonly string[];
  readonly port: readonly string[];
}

/** It knows no `endPort`: only the first port of a range is open. */
function portWords(ports: readonly NetworkPolicyPort[]): PortWords[] {
  if (ports.length === 0) return [{ protocol: [], port: [] }];
  return ports.map(({ protocol = "TCP", port }) => ({
    protocol: ["-p", protocol.toLowerCase()],
    port: ["--dport", String(port ?? "0:65535")],
  }));
}

function ruleWords({ protocol, port }: PortWords, source: End, destination: End, type: string): string[] {
  const comment = `${source.comment} -> ${destination.comment} (${type})`;
  return [...protocol, ...source.words, ...destination.words, ...port, "-m", "comment", "--comment", comment];
}

/** The first port of a policy that is a name: weave-npc does not take such a policy. */
export function namedPort({ spec }: NetworkPolicy): string | undefined {
  const all = [...(spec.ingress ?? []), ...(spec.egress ?? [])].flatMap(({ ports = [] }) => ports);
  return all.find(({ port }) => typeof port === "string")?.port as string | undefined;
}

/** It runs, has an address and a network of its own. */
function hasIP({ spec, status }: Pod): boolean {
  const { phase, podIP } = status;
  return phase !== "Succeeded" && phase !== "Failed" && podIP !== undefined && podIP !== "" && !spec.hostNetwork;
}

function podComment({ metadata }: Pod): string {
  return `namespace: ${metadata.namespace}, pod: ${metadata.name}`;
}
