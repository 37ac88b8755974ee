import {
  age, AGE, cidrErrors, cidrWarnings, forbidden, goStrings, invalid, invalidEach, NAME, names, notSupported, parseCidr, required, sameJson,
  type Cidr, type Column, type FieldErrors, type IpBlock, type Kind, type NetworkPolicy, type NetworkPolicyPeer, type NetworkPolicyPort,
} from "../../api/index.ts"; // prettier-ignore
import { formatSelector } from "../apps/selector-cell.ts";
import { validatePortNumber } from "../pod-template/ports.ts";
import { validateLabelSelector } from "../pod-template/selector.ts";

const COLUMNS: readonly Column[] = [NAME, { name: "Pod-Selector" }, AGE];
const PROTOCOLS = ["TCP", "UDP", "SCTP"];
const TYPES = ["Ingress", "Egress"];

export const networkPolicies: Kind<NetworkPolicy> = {
  group: "networking.k8s.io",
  version: "v1",
  kind: "NetworkPolicy",
  plural: "networkpolicies",
  singular: "networkpolicy",
  shortNames: ["netpol"],
  namespaced: true,
  columns: COLUMNS,
  cells: ({ metadata, spec }, now) => [
    metadata.name,
    formatSelector(spec.podSelector),
    age(metadata.creationTimestamp, now),
  ],
  nameRule: names.forNames(names.subdomain),
  defaults({ spec }) {
    for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])])
      for (const port of rule.ports ?? []) port.protocol ??= "TCP";
    // An empty list of rules is one, too: it allows nothing.
    if (!spec.policyTypes?.length) spec.policyTypes = spec.egress?.length ? ["Ingress", "Egress"] : ["Ingress"];
  },
  prepareCreate(policy) {
    policy.metadata.generation = 1;
  },
  prepareUpdate(policy, old) {
    if (!sameJson(policy.spec, old.spec)) policy.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  validate: validateNetworkPolicy,
  validateUpdate: validateNetworkPolicy,
  warnings: policyWarnings,
};

/** pkg/apis/networking/validation ValidateNetworkPolicySpec, in its order. */
function validateNetworkPolicy({ spec }: NetworkPolicy): FieldErrors {
  const { podSelector, ingress = [], egress = [], policyTypes = [] } = spec;
  const found = validateLabelSelector(podSelector, "spec.podSelector");
  for (const [index, { ports, from }] of ingress.entries())
    found.push(...validateRule(ports, from, "from", `spec.ingress[${index}]`));
  for (const [index, { ports, to }] of egress.entries())
    found.push(...validateRule(ports, to, "to", `spec.egress[${index}]`));
  if (policyTypes.length > TYPES.length)
    return [
      ...found,
      invalid(
        "spec.policyTypes",
        goStrings(policyTypes, "[]networking.PolicyType"),
        "may not specify more than two policyTypes",
      ),
    ];
  for (const [index, type] of policyTypes.entries())
    if (!TYPES.includes(type)) found.push(notSupported(`spec.policyTypes[${index}]`, type, TYPES));
  return found;
}

function validateRule(
  ports: readonly NetworkPolicyPort[] = [],
  peers: readonly NetworkPolicyPeer[] = [],
  member: string,
  path: string,
): FieldErrors {
  return [
    ...ports.flatMap((port, index) => validatePolicyPort(port, `${path}.ports[${index}]`)),
    ...peers.flatMap((peer, index) => validatePeer(peer, `${path}.${member}[${index}]`)),
  ];
}

function validatePolicyPort({ protocol, port, endPort }: NetworkPolicyPort, path: string): FieldErrors {
  const found: FieldErrors = [];
  if (protocol !== undefined && !PROTOCOLS.includes(protocol))
    found.push(notSupported(`${path}.protocol`, protocol, PROTOCOLS));
  if (typeof port === "number") {
    found.push(...validatePortNumber(port, `${path}.port`));
    if (endPort === undefined) return found;
    // The real server shows the port here, not the end.
    if (endPort < port) found.push(invalid(`${path}.endPort`, port, "must be greater than or equal to `port`"));
    return [...found, ...validatePortNumber(endPort, `${path}.endPort`)];
  }
  if (endPort !== undefined)
    found.push(
      invalid(
        `${path}.endPort`,
        endPort,
        `may not be specified when \`port\` is ${port === undefined ? "not specified" : "non-numeric"}`,
      ),
    );
  if (port !== undefined) found.push(...invalidEach(`${path}.port`, port, names.portName(port)));
  return found;
}

function validatePeer({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer, path: string): FieldErrors {
  const found: FieldErrors = [];
  if (podSelector) found.push(...validateLabelSelector(podSelector, `${path}.podSelector`));
  if (namespaceSelector) found.push(...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`));
  if (ipBlock) found.push(...validateIpBlock(ipBlock, `${path}.ipBlock`));
  if (!podSelector && !namespaceSelector && !ipBlock) found.push(required(path, "must specify a peer"));
  else if (ipBlock && (podSelector || namespaceSelector))
    found.push(forbidden(path, "may not specify both ipBlock and another peer"));
  return found;
}

function validateIpBlock({ cidr, except = [] }: IpBlock, path: string): FieldErrors {
  if (cidr === "") return [required(`${path}.cidr`)];
  const block = parseCidr(cidr);
  if (!block) return cidrErrors(`${path}.cidr`, cidr);
  const found: FieldErrors = [];
  for (const [index, text] of except.entries()) {
    const at = `${path}.except[${index}]`;
    const part = parseCidr(text);
    if (!part) found.push(...cidrErrors(at, text));
    else if (block.prefix >= part.prefix || !contains(block, part))
      found.push(invalid(at, text, "must be a strict subset of `cidr`"));
  }
  return found;
}

/** Whether the network of `inner` begins inside of `outer`. */
function contains(outer: Cidr, inner: Cidr): boolean {
  if (outer.bytes.length !== inner.bytes.length) return false;
  for (let bit = 0; bit < outer.prefix; bit++) {
    const mask = 0x80 >> (bit & 7);
    if ((outer.bytes[bit >> 3]! & mask) !== (inner.bytes[bit >> 3]! & mask)) return false;
  }
  return true;
}

/** pkg/registry/networking/networkpolicy/strategy.go networkPolicyWarnings */
function policyWarnings({ spec }: NetworkPolicy): string[] {
  const peers = [
    ...(spec.ingress ?? []).map(({ from = [] }, index) => [`spec.ingress[${index}].from`, from] as const),
    ...(spec.egress ?? []).map(({ to = [] }, index) => [`spec.egress[${index}].to`, to] as const),
  ];
  return peers.flatMap(([path, list]) =>
    list.flatMap(({ ipBlock }, index) => {
      if (!ipBlock) return [];
      const at = `${path}[${index}].ipBlock`;
      const except = (ipBlock.except ?? []).flatMap((cidr, place) => cidrWarnings(`${at}.except[${place}]`, cidr));
      return [...cidrWarnings(`${at}.cidr`, ipBlock.cidr), ...except];
    }),
  );
}
