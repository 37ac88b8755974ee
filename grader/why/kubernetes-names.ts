import { felixReason } from "../../server/sim/kube/addons/calico/felix/index.ts";
import type { PolicyReason } from "../../server/sim/kube/addons/policy-reason.ts";
import { npcReason } from "../../server/sim/kube/addons/weave/npc/index.ts";
import {
  matchesLabels,
  validSelector,
  type KubeObject,
  type Namespace,
  type NetworkPolicy,
  type Pod,
  type Service,
} from "../../server/sim/kube/api/index.ts";
import type { Hop, PacketHeaders, Trace } from "../../server/sim/net/index.ts";
import type { Scene } from "../scene/scene.ts";
import type { PacketTrace } from "../trace.ts";
import { headedFor } from "./headed.ts";

/** Says of the hops of traces which objects of the cluster their rules were made of. */
export class KubernetesNames {
  readonly #pods: readonly Pod[];
  readonly #policies: readonly NetworkPolicy[];
  readonly #namespaces: readonly Namespace[];
  readonly #services: readonly Service[];

  constructor(scene: Scene) {
    const objects = scene.hasCluster ? scene.objects : undefined;
    const list = (kind: string): readonly KubeObject[] =>
      objects?.kinds.some(({ plural }) => plural === kind) ? objects.list(kind, undefined).objects : [];
    this.#pods = list("pods") as readonly Pod[];
    this.#policies = list("networkpolicies") as readonly NetworkPolicy[];
    this.#namespaces = list("namespaces") as readonly Namespace[];
    this.#services = list("services") as readonly Service[];
  }

  /** `Service default/web, endpoint Pod default/web-1`, `NetworkPolicy default/p ingress[0] allows it`; undefined for most. */
  of(trace: Trace, hop: Hop): string | undefined {
    const { ref } = hop;
    if (hop.at === "conntrack") return this.#translated(trace, hop);
    if (ref?.kind !== "rule") return undefined;
    const reason = felixReason(ref, { policies: this.#policies, pods: this.#pods, prefix: CALICO_PREFIX }) ??
      npcReason(ref, { policies: this.#policies, pods: this.#pods, namespaces: this.#namespaces }); // prettier-ignore
    return reason ? this.#policyWords(reason, headedFor(trace, hop)) : this.#serviceWords(ref.text);
  }

  /** A trace and its answers, with what each hop is in the cluster. */
  trace(trace: Trace): PacketTrace {
    const hops = trace.hops.map((hop) => {
      const kubernetes = this.of(trace, hop);
      return { ...hop.toJSON(), ...(kubernetes === undefined ? {} : { kubernetes }) };
    });
    return { ...trace.toJSON(), hops, ...(trace.reply ? { reply: this.trace(trace.reply) } : {}) };
  }

  #policyWords({ direction, verdict, policy, rule, pod }: PolicyReason, { src, dst }: PacketHeaders): string {
    if (policy) {
      const part = rule === undefined ? "" : ` ${direction}[${rule}]`;
      return `NetworkPolicy ${nameOf(policy)}${part}${verdict === "allows" ? " allows it" : ""}`;
    }
    const whose = pod ?? this.#podAt(direction === "ingress" ? dst : src);
    const subject = `${direction} of ${whose ? `Pod ${nameOf(whose)}` : "this Pod"}`;
    if (verdict === "free") return `no NetworkPolicy is for ${subject}`;
    const isolating = whose ? this.#isolating(whose, direction) : [];
    const by = isolating.length > 0 ? `: default deny by ${isolating.map(nameOf).join(", ")}` : "";
    return `no NetworkPolicy allows ${subject}${by}`;
  }

  #isolating({ metadata }: Pod, direction: "ingress" | "egress"): NetworkPolicy[] {
    const type = direction === "ingress" ? "Ingress" : "Egress";
    return this.#policies.filter(
      (policy) =>
        policy.metadata.namespace === metadata.namespace &&
        (policy.spec.policyTypes ?? ["Ingress"]).includes(type) &&
        matchesLabels(validSelector(policy.spec.podSelector), metadata.labels),
    );
  }

  /** IPVS, and connections that are known already, have no rule to tell by: the address that a packet had does. */
  #translated(trace: Trace, hop: Hop): string | undefined {
    const { before, after } = hop;
    const last = hop === trace.hops.at(-1) && !after;
    const from = before ?? (last ? headedFor(trace, hop) : undefined);
    if (!from || (after && after.dst === from.dst && after.dport === from.dport)) return undefined;
    const service = this.#services.find((one) => isFor(one, from));
    if (!service) return undefined;
    const words = `Service ${nameOf(service)}`;
    if (!after) return `${words} has no endpoints`;
    const pod = this.#podAt(after.dst);
    return `${words}, endpoint ${pod ? `Pod ${nameOf(pod)}` : after.dst}`;
  }

  #podAt(address: string): Pod | undefined {
    return this.#pods.find(({ spec, status }) => !spec.hostNetwork && status.podIP === address);
  }

  /** kube-proxy says in the comments of its rules for which port of which Service they are. */
  #serviceWords(text: string): string | undefined {
    const [, chain = "", comment = ""] = SERVICE_RULE.exec(text) ?? [];
    const service = PORT_NAME.exec(comment);
    if (chain === "" || !service) return undefined;
    const [, name = "", said = ""] = service;
    const words = `Service ${name}${said === "" || !said.startsWith(" has no") ? "" : said}`;
    const to = /--to-destination (\S+):\d+/.exec(text)?.[1];
    if (to === undefined) return words;
    const pod = this.#podAt(to);
    return `${words}, endpoint ${pod ? `Pod ${nameOf(pod)}` : to}`;
  }
}

/** What the names of Pods' interfaces begin with. */
const CALICO_PREFIX = "cali";
const SERVICE_RULE = /^-A (KUBE-\S+) .*--comment "?([^"]+?)"? -/;
const PORT_NAME = /^([a-z0-9.-]+\/[a-z0-9.-]+(?::[a-z0-9-]+)?)( .*)?$/;

const PROTOCOLS: Readonly<Record<number, string>> = { 6: "TCP", 17: "UDP", 132: "SCTP" };

/** Whether a packet is for one of a Service's addresses and ports. At any other address only a NodePort can be meant. */
function isFor({ spec, status }: Service, { dst, dport, protocol }: PacketHeaders): boolean {
  const balanced = (status.loadBalancer.ingress ?? []).map(({ ip }) => ip);
  const own = [...(spec.clusterIPs ?? []), ...(spec.externalIPs ?? []), ...balanced].includes(dst);
  return (spec.ports ?? []).some(
    ({ port, nodePort, protocol: transport = "TCP" }) =>
      transport === PROTOCOLS[protocol] && dport === (own ? port : (nodePort ?? 0)),
  );
}

function nameOf({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}
