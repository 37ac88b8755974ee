import { address, connect, Packet, walk, type Namespace } from "../../net/index.ts";
import { listen } from "../../net/testing.ts";
import { endpointSlices, networkPolicies, pods, services } from "../kinds/index.ts";
import type { Outcome } from "./oracle.ts";
import type { Stand } from "./stand.ts";
import {
  nodeAddress,
  OPEN_PORTS,
  podAddress,
  type Protocol,
  type ReachService,
  type ReachWorld,
  type Source,
  type Target,
} from "./world.ts";

/** Builds a cluster on a stand on which felix and kube-proxy run: first Pods and Services, then policies. */
export class Played {
  readonly #world: ReachWorld;
  readonly #stand: Stand;
  readonly #pods: Namespace[] = [];

  private constructor(stand: Stand, world: ReachWorld) {
    this.#stand = stand;
    this.#world = world;
  }

  static async build(stand: Stand, world: ReachWorld): Promise<Played> {
    const played = new Played(stand, world);
    const { client } = stand;
    for (const { name, labels } of world.namespaces) stand.labelNamespace(name, labels);
    for (const [at, pod] of world.pods.entries()) {
      const ns = stand.addPod(pod, podAddress(world, at));
      played.#pods.push(ns);
      if (!pod.hostNetwork) for (const port of OPEN_PORTS) listen(ns, port);
      if (!pod.finished) continue;
      const known = client.get(pods, pod.namespace, pod.name)!;
      client.updateStatus(pods, { ...known, status: { ...known.status, phase: "Succeeded" } });
      stand.unplug(pod);
    }
    for (const service of world.services) played.#addService(service);
    for (const { name, namespace, ...spec } of world.policies)
      client.create(networkPolicies, { metadata: { name, namespace }, spec });
    await stand.pass(2);
    return played;
  }

  #addService({ name, namespace, type, protocol, port, targetPort, nodePort, clusterIP, ...more }: ReachService): void {
    const { client } = this.#stand;
    const outside = type !== "ClusterIP";
    client.create(services, {
      metadata: { name, namespace },
      spec: {
        type,
        clusterIP,
        ports: [{ port, targetPort, protocol, ...(outside ? { nodePort } : {}) }],
        internalTrafficPolicy: more.internalTrafficPolicy,
        ...(outside ? { externalTrafficPolicy: more.externalTrafficPolicy } : {}),
      },
    });
    client.create(endpointSlices, {
      metadata: { name: `${name}-x`, namespace, labels: { "kubernetes.io/service-name": name } },
      addressType: "IPv4",
      ports: [{ name: "", port: targetPort, protocol }],
      endpoints: more.endpoints.map(({ pod, ready }) => ({
        addresses: [podAddress(this.#world, pod)],
        conditions: { ready, serving: ready, terminating: false },
        nodeName: this.#world.pods[pod]!.node,
      })),
    });
  }

  /** What really becomes of a probe. */
  outcome(from: Source, to: Target): Outcome {
    const ns = this.#namespace(from);
    if (to.kind === "pod") return this.#send(ns, podAddress(this.#world, to.pod), to.port, to.protocol);
    const service = this.#world.services[to.service]!;
    return to.kind === "service"
      ? this.#send(ns, service.clusterIP, service.port, service.protocol)
      : this.#send(ns, nodeAddress(to.node), service.nodePort, service.protocol);
  }

  #namespace(from: Source): Namespace {
    if (from.kind === "pod") return this.#pods[from.pod]!;
    return this.#stand.node(from.kind === "node" ? from.node : "outside");
  }

  #send(ns: Namespace, to: string, port: number, protocol: Protocol): Outcome {
    if (protocol === "TCP") {
      const { outcome, connection } = connect(ns, { to, port, tracing: false });
      connection?.close();
      return outcome === "connected" ? "open" : outcome === "refused" ? "closed" : "silent";
    }
    const packet = protocol === "UDP" ? bare(UDP, to, port, this.#port()) : bare(SCTP, to, port, this.#port());
    const { verdict, reply } = walk(ns, packet, { tracing: false });
    if (verdict === "refused" || verdict === "protocol unreachable" || verdict === "delivered")
      return reply?.verdict === "delivered" ? "closed" : "silent";
    return "silent";
  }

  #next = 40_000;
  #port(): number {
    return this.#next++;
  }
}

const UDP = 17;
const SCTP = 132;

function bare(protocol: number, to: string, port: number, from: number): Packet {
  const packet = new Packet();
  packet.dst = address(to);
  packet.protocol = protocol;
  packet.sport = from;
  packet.dport = port;
  packet.size = packet.bytes = 60;
  return packet;
}
