import type { DaemonProcess } from "../../../host/index.ts";
import type { Time } from "../../../kernel/index.ts";
import { namespaceOf } from "../../../net/index.ts";
import { httpCall } from "../../access/http-call.ts";
import { inClusterConfig } from "../../access/in-cluster.ts";
import { ApiLink } from "../../access/link.ts";
import { trustError } from "../../access/tls.ts";
import { isFailure, type Node, type Pod } from "../../api/index.ts";
import { KUBELET_API, kubeletOf, nodeConsumption, podConsumption, type Consumption } from "../../kubelet/index.ts";
import type { MetricsServerOptions } from "./options.ts";

const USER_AGENT = "metrics-server/v0.7.2 (linux/amd64) kubernetes/1b2b3c4";
const AUTHORITY = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt";

/** Processor time and memory of something at the end of a window and at its beginning. */
export interface Measured {
  readonly cpuNanoCores: number;
  readonly memory: number;
}

export interface NodeMeasures extends Measured {
  readonly node: Node;
  /** By `namespace/name` of their Pods, then by container. */
  readonly pods: ReadonlyMap<string, ReadonlyMap<string, Measured>>;
}

export interface Scrape {
  /** The end of the window, and how long it was. */
  readonly at: Time;
  readonly window: Time;
  readonly nodes: readonly NodeMeasures[];
  readonly pods: readonly Pod[];
  readonly errors: readonly { readonly node: string; readonly error: string }[];
}

/**
 * What the server has in its store now: what it measured at the last two of its regular times. It scrapes when somebody asks,
 * over its network and with its own rights; what the kubelets said at those times is what their processes used then.
 */
export function scrape(self: DaemonProcess, options: MetricsServerOptions): Scrape | { readonly error: string } {
  const { now } = self.kernel;
  const { startedAt } = self.row;
  const { resolution: window } = options;
  const at = startedAt + Math.floor((now - startedAt) / window) * window;
  const config = (): ReturnType<typeof inClusterConfig> => inClusterConfig(self.host, self.env, USER_AGENT);
  const found = new ApiLink(self, config).find();
  if ("error" in found) return found;
  const list = <T>(resource: string): readonly T[] | { readonly error: string } => {
    const response = found.cluster.api.handle({
      verb: "list", group: "", version: "v1", resource, namespace: "", name: "", subresource: "", query: {}, accept: "",
      contentType: "", userAgent: USER_AGENT, user: found.user, body: undefined,
    }); // prettier-ignore
    if (isFailure(response)) return { error: response.object.message ?? "" };
    return response.kind === "object" ? (response.object as { readonly items: readonly T[] }).items : [];
  };
  const [nodes, pods] = [list<Node>("nodes"), list<Pod>("pods")];
  if ("error" in nodes) return nodes;
  if ("error" in pods) return pods;
  const measured: NodeMeasures[] = [];
  const errors: { node: string; error: string }[] = [];
  for (const node of nodes) {
    const one = measure(self, options, node, at);
    if ("error" in one) errors.push({ node: node.metadata.name, error: one.error });
    else if (at - window >= startedAt) measured.push(one);
  }
  return { at, window, nodes: measured, pods, errors };
}

function measure(
  self: DaemonProcess,
  options: MetricsServerOptions,
  node: Node,
  at: Time,
): NodeMeasures | { readonly error: string } {
  const address = addressOf(node, options.addressTypes);
  if (address === undefined)
    return { error: `unable to extract connection information for node "${node.metadata.name}"` };
  const port = options.useNodeStatusPort ? node.status.daemonEndpoints.kubeletEndpoint.Port : options.kubeletPort;
  const url = `https://${address}:${port}/metrics/resource`;
  const failed = (why: string): { readonly error: string } => ({ error: `Get "${url}": ${why}` });
  if (!/^[\d.]+$|:/.test(address)) return failed(`dial tcp: lookup ${address}: no such host`);
  const token = self.host.readText("/var/run/secrets/kubernetes.io/serviceaccount/token")?.trim() ?? "";
  const reply = httpCall(namespaceOf(self), self.pid, {
    scheme: "https",
    host: address,
    port,
    method: "GET",
    target: "/metrics/resource",
    headers: [
      ["User-Agent", USER_AGENT],
      ["Authorization", `Bearer ${token}`],
    ],
    distrust: (chain) =>
      trustError(
        {
          server: "",
          userAgent: "",
          insecureSkipTlsVerify: options.insecureTls,
          certificateAuthority: self.host.readText(AUTHORITY) ?? "",
        },
        address,
        chain,
        self.kernel.now,
      ),
  });
  if ("error" in reply) return failed(reply.slow ? "context deadline exceeded" : reply.error);
  if (reply.status !== 200) return { error: `request failed, status: "${reply.status} ${reply.reason}"` };
  if (reply.socket?.application !== KUBELET_API) return { error: "no metrics in the answer" };
  const { machine } = reply.socket.args as { readonly machine: string };
  return measuresOf(self, machine, node, at, options.resolution);
}

function measuresOf(self: DaemonProcess, machine: string, node: Node, at: Time, window: Time): NodeMeasures {
  const kubelet = kubeletOf(self.host.hosts.machine(machine));
  const rate = (now: Consumption, before: Consumption): Measured => ({
    cpuNanoCores: Math.max(0, Math.round(((now.cpu - before.cpu) * 1e9) / window)),
    memory: now.memory,
  });
  const earlier = new Map(podConsumption(kubelet, at - window).map((one) => [one.uid, one.containers]));
  const pods = new Map<string, ReadonlyMap<string, Measured>>();
  for (const { pod, uid, containers } of podConsumption(kubelet, at)) {
    const measured = containers.flatMap((one): [string, Measured][] => {
      const before = earlier.get(uid)?.find(({ name, startedAt }) => name === one.name && startedAt === one.startedAt);
      return before ? [[one.name, rate(one, before)]] : [];
    });
    // A Pod of which a container has not been measured twice is left out (storage/pod.go).
    if (measured.length === containers.length && measured.length > 0)
      pods.set(`${pod.metadata.namespace ?? ""}/${pod.metadata.name}`, new Map(measured));
  }
  return { node, pods, ...rate(nodeConsumption(kubelet, at), nodeConsumption(kubelet, at - window)) };
}

function addressOf({ status }: Node, types: readonly string[]): string | undefined {
  for (const type of types) {
    const found = status.addresses?.find((one) => one.type === type);
    if (found) return found.address;
  }
  return undefined;
}
