import { felixReason } from "../../server/sim/kube/addons/calico/felix/index.ts";
import type { PolicyReason } from "../../server/sim/kube/addons/policy-reason.ts";
import { namedPort, npcReason } from "../../server/sim/kube/addons/weave/npc/index.ts";
import type { Namespace, Pod } from "../../server/sim/kube/api/index.ts";
import type { Hop, PacketHeaders, Trace } from "../../server/sim/net/index.ts";
import type { Probe } from "../probe/probe.ts";
import type { Scene } from "../scene/scene.ts";
import { listed, type Explanation } from "./explanation.ts";
import { headedFor, podAt } from "./headed.ts";
import {
  allPolicies,
  namespaceLabels,
  policiesOf,
  policyVerdicts,
  type Direction,
  type End,
  type Passage,
  type PolicyVerdict,
} from "./policy-rules.ts";

/** Which NetworkPolicies a connection had to pass that one of their rules ended; undefined if it was no rule of theirs. */
export function policyWords(scene: Scene, { trace, by, target }: Probe): Explanation | undefined {
  const reason = by && reasonOf(scene, by);
  if (!trace || reason?.verdict !== "denies") return undefined;
  const headers = headedFor(trace, by);
  const { from, to } = endsOf(scene, headers);
  const passage = passageOf(reason.direction, from, to, headers);
  if (!passage) return undefined;
  const { pod, peer, port, protocol, direction } = passage;
  const verdicts = policyVerdicts(scene, passage);
  const into = direction === "ingress" ? `in to Pod ${pod.metadata.name}` : `out to ${endWords(peer)}`;
  const who = direction === "ingress" ? endWords(peer) : endWords({ address: "", pod });
  const asked = verdicts.some(({ portOnly, ports }) => portOnly && ports.includes(target.port));
  const rest = [
    ...verdicts.map(({ policy, words }) => `${policy.metadata.name} ${words}`),
    ...(asked && target.port !== port
      ? [`a policy sees the port of the Pod (${port}), not that of a Service (${target.port})`]
      : []),
    ...namespaceWords(scene, passage, verdicts),
  ];
  return {
    why: `no NetworkPolicy lets ${who} ${into} on ${protocol} port ${port}: ${rest.join("; ")}`,
    see: describe(pod),
  };
}

/** Why no NetworkPolicy ended a connection that came through; undefined where policies have nothing to say. */
export function openWords(scene: Scene, probe: Probe): Explanation | undefined {
  const trace = probe.opening ?? probe.trace;
  if (!trace?.delivery) return undefined;
  if (allPolicies(scene).length === 0 && !enforces(scene, trace)) return undefined;
  const headers = headedFor(trace, undefined);
  const own = probe.from.pod;
  const ends = endsOf(scene, headers);
  const from = own && !own.spec.hostNetwork ? { address: own.status.podIP ?? "", pod: own } : ends.from;
  const { to } = ends;
  const passages = (["egress", "ingress"] as const).flatMap((direction) => passageOf(direction, from, to, headers) ?? []);
  if (passages.length === 0) return undefined;
  const judged = passages.map((passage) => ({ passage, verdicts: policyVerdicts(scene, passage) }));
  const broken = judged.find(({ verdicts }) => verdicts.length > 0 && verdicts.every(({ allows }) => allows === undefined));
  if (broken) return unenforced(scene, probe, broken.passage, broken.verdicts);
  // Where nobody in a namespace restricts a direction, its openness is no news if a policy lets pass in the other.
  const said = judged.some(({ verdicts }) => verdicts.length > 0)
    ? judged.filter(({ passage, verdicts }) => verdicts.length > 0 || restricted(scene, passage))
    : judged;
  const parts = said.map(({ passage, verdicts }) => letsPass(scene, passage, verdicts));
  return { why: parts.join(", and "), see: describe(said.at(-1)!.passage.pod) };
} // prettier-ignore

function restricted(scene: Scene, { direction, pod }: Passage): boolean {
  const type = direction === "ingress" ? "Ingress" : "Egress";
  return allPolicies(scene, pod.metadata.namespace).some(({ spec }) => spec.policyTypes?.includes(type));
}

function letsPass(scene: Scene, { direction, pod, peer }: Passage, verdicts: readonly PolicyVerdict[]): string {
  if (verdicts.length === 0)
    return `no NetworkPolicy is for ${direction} of ${endWords({ address: "", pod })}${withoutType(scene, direction, pod)}`;
  const { policy, allows } = verdicts.find((verdict) => verdict.allows !== undefined)!;
  const { name } = pod.metadata;
  const way = direction === "ingress" ? `${endWords(peer)} in to Pod ${name}` : `Pod ${name} out to ${endWords(peer)}`;
  return `NetworkPolicy ${policy.metadata.name} lets ${way}: ${allows!}`;
}

/** Policies with rules for a direction that their policyTypes leave out: what looks like a restriction is none. */
function withoutType(scene: Scene, direction: Direction, pod: Pod): string {
  const found = policiesOf(scene, pod).find(({ spec }) => (spec[direction] ?? []).length > 0);
  if (!found) return "";
  const types = listed(found.spec.policyTypes ?? ["Ingress"]);
  return `: ${found.metadata.name} has rules for ${direction}, but its policyTypes has only ${types}`;
}

/** By its policies it should not have come through. */
function unenforced(scene: Scene, { from, trace }: Probe, { pod }: Passage, verdicts: readonly PolicyVerdict[]): Explanation {
  const names = listed(verdicts.map(({ policy }) => policy.metadata.name));
  const port = verdicts.map(({ policy }) => namedPort(policy)).find((name) => name !== undefined);
  if (port !== undefined && npcRuns(scene))
    return {
      why: `NetworkPolicy ${names} forbids it for Pod ${pod.metadata.name}, but weave-npc knows no named ports (${port}) and leaves such a policy out`,
      see: "kubectl -n kube-system logs -l name=weave-net -c weave-npc --tail=-1 | grep Rejecting",
    };
  const node = pod.spec.nodeName ?? "";
  const because = trace && enforces(scene, trace)
    ? "but the rules on its way let it pass"
    : from.ns.machine === node && (!from.pod || from.pod.spec.hostNetwork)
      ? `but a node always reaches the Pods that run on it`
      : `but nothing on its way enforces NetworkPolicies`;
  return { why: `NetworkPolicy ${names} forbids it for Pod ${pod.metadata.name}, ${because}`, see: describe(pod) };
} // prettier-ignore

function npcRuns(scene: Scene): boolean {
  return scene.objects.pods().some(({ spec }) => spec.containers.some(({ name }) => name === "weave-npc"));
}

/** Whether rules for policies were on the way, be it that they had nothing to say. */
function enforces(scene: Scene, { hops }: Trace): boolean {
  return hops.some((hop) => reasonOf(scene, hop) !== undefined);
}

function describe({ metadata }: Pod): string {
  return `kubectl -n ${metadata.namespace ?? "default"} describe networkpolicies`;
}

function passageOf(direction: Direction, from: End, to: End, headers: PacketHeaders): Passage | undefined {
  const pod = direction === "ingress" ? to.pod : from.pod;
  const protocol = headers.protocol === UDP ? "UDP" : "TCP";
  if (!pod || (headers.protocol !== UDP && headers.protocol !== TCP)) return undefined;
  return { direction, pod, peer: direction === "ingress" ? from : to, port: headers.dport ?? 0, protocol };
}

const TCP = 6;
const UDP = 17;

function endsOf(scene: Scene, { src, dst }: PacketHeaders): { readonly from: End; readonly to: End } {
  return { from: { address: src, pod: podAt(scene, src) }, to: { address: dst, pod: podAt(scene, dst) } };
}

/** `Pod client-1 (app=client, namespace web)`, or an address. */
function endWords({ address, pod }: End): string {
  if (!pod) return address;
  const { name, namespace = "", labels = {} } = pod.metadata;
  const own = Object.entries(labels).filter(([key]) => !MADE_BY_CONTROLLERS.test(key));
  const words = [...own.map(([key, value]) => `${key}=${value}`), `namespace ${namespace}`];
  return `Pod ${name} (${words.join(", ")})`;
}

const MADE_BY_CONTROLLERS =
  /^(?:pod-template-hash|controller-revision-hash|pod-template-generation|statefulset\.kubernetes\.io\/.*)$/;

/** Where policies choose by namespace, the labels that the other end's namespace has. */
function namespaceWords(scene: Scene, { direction, peer }: Passage, verdicts: readonly PolicyVerdict[]): string[] {
  const { namespace } = peer.pod?.metadata ?? {};
  const chosen = verdicts.some(({ policy, portOnly }) => {
    const { ingress = [], egress = [] } = policy.spec;
    const peers = direction === "ingress" ? ingress.flatMap(({ from = [] }) => from) : egress.flatMap(({ to = [] }) => to);
    return !portOnly && peers.some(({ namespaceSelector }) => Object.keys(namespaceSelector ?? {}).length > 0);
  });
  if (!chosen || namespace === undefined) return [];
  const labels = Object.entries(namespaceLabels(scene, namespace)).map(([key, value]) => `${key}=${value}`);
  return [`namespace ${namespace} carries ${listed(labels, 5) || "no labels"}`];
} // prettier-ignore

function reasonOf(scene: Scene, { ref }: Hop): PolicyReason | undefined {
  if (ref?.kind !== "rule" || !scene.hasCluster) return undefined;
  const [policies, pods] = [allPolicies(scene), scene.objects.pods()];
  const namespaces = scene.objects.list("namespaces", undefined).objects as readonly Namespace[];
  return felixReason(ref, { policies, pods, prefix: "cali" }) ?? npcReason(ref, { policies, pods, namespaces });
}
