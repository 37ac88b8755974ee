import { SECOND } from "../../../kernel/index.ts";
import { DaemonProcess } from "../../../host/index.ts";
import { connect, namespaceOf, networkOfHosts, type ConnectResult } from "../../../net/index.ts";
import { dialError } from "../../access/dial-error.ts";
import {
  errors,
  flag,
  parameter,
  queryText,
  type ApiRequest,
  type ApiResponse,
  type KubeObject,
  type Node,
  type Pod,
  type StatusError,
} from "../../api/index.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { nodes } from "../../kinds/index.ts";
import type { Kubelet } from "../kubelet.ts";
import { containerSpec } from "../pods/containers.ts";
import { runtimePodStatus, findContainer } from "../runtime/pod-status.ts";
import { attachToContainer } from "./attach.ts";
import { execInContainer } from "./exec.ts";
import { containerLog, logOptions } from "./logs.ts";
import { KUBELET_API, type KubeletSocket } from "./sockets.ts";

/** client-go's dialer gives up after this time. */
const DIAL_TIMEOUT = 30 * SECOND;

/** A kubelet's refusal, which the API server passes on as it is. */
const UNAUTHORIZED: ApiResponse = {
  kind: "text",
  code: 401,
  text: "Unauthorized",
  mediaType: "text/plain; charset=utf-8",
};

/** What an API server asks the kubelets for: it really connects to port 10250 of the Pod's node, from where it runs. */
export function serveStreams(cluster: Cluster, of: (machine: string) => Kubelet): void {
  const { api } = cluster;
  api.stream("pods", "log", (object, request) => {
    const pod = object as Pod;
    const container = parameter(request.query, "container") || pod.spec.containers[0]!.name;
    const { namespace = "", name } = pod.metadata;
    const query = queryText(Object.fromEntries(Object.entries(request.query).filter(([key]) => key !== "container")));
    const path = `/containerLogs/${namespace}/${name}/${container}${query === "" ? "" : `?${query}`}`;
    const found = reach(cluster, of, pod, request, (server, why) =>
      errors.unknownError(`Get "https://${server}${path}": ${why}`),
    );
    if (!("kubelet" in found)) return found.answer;
    // client-go's words for a 401 (apimachinery api/errors NewGenericServerResponse).
    if (!trustsClients(found.kubelet))
      throw errors.unauthorized(`the server has asked for the client to provide credentials ( pods/log ${name})`);
    const log = containerLog(
      found.kubelet,
      shownTo(found.kubelet, pod),
      logOptions(request.query, container, api.kernel.now),
    );
    if ("error" in log) throw errors.badRequest(log.error);
    return { kind: "bytes", stream: log, mediaType: "text/plain" };
  });
  const upgrade =
    (make: (kubelet: Kubelet, id: string, request: ApiRequest) => unknown) =>
    (object: KubeObject, request: ApiRequest): ApiResponse => {
      const pod = object as Pod;
      const found = reach(cluster, of, pod, request, (_, why) => errors.unknownError(`error dialing backend: ${why}`));
      if (!("kubelet" in found)) return found.answer;
      if (!trustsClients(found.kubelet)) return UNAUTHORIZED;
      const name = parameter(request.query, "container") || pod.spec.containers[0]!.name;
      const id =
        containerSpec(pod, name) && findContainer(runtimePodStatus(found.kubelet.runtime, uidOf(pod)), name)?.id;
      // The kubelet's own answer to what it does not run (kubelet_pods.go GetExec, GetAttach).
      if (id === undefined || found.kubelet.runtime.containers.get(id)?.state !== "running")
        throw errors.unknownError(`unable to upgrade connection: container not found (${JSON.stringify(name)})`);
      return { kind: "upgrade", connection: make(found.kubelet, id, request) };
    };
  api.stream(
    "pods",
    "exec",
    upgrade((kubelet, id, { query }) => execInContainer(kubelet, id, query["command"] ?? [], flag(query, "tty"))),
  );
  api.stream("pods", "attach", upgrade(attachToContainer));
  api.stream("pods", "portforward", (object, request) => {
    const pod = object as Pod;
    const found = reach(cluster, of, pod, request, (_, why) => errors.unknownError(`error dialing backend: ${why}`));
    if (!("kubelet" in found)) return found.answer;
    if (!trustsClients(found.kubelet)) return UNAUTHORIZED;
    return { kind: "upgrade", connection: new PortForward(found.kubelet, uidOf(pod)) };
  });
}

/** A way to the ports of a Pod: the `connection` of the API's answer to portforward. */
export class PortForward {
  readonly #kubelet: Kubelet;
  readonly #uid: string;

  constructor(kubelet: Kubelet, uid: string) {
    this.#kubelet = kubelet;
    this.#uid = uid;
  }

  /** What the client is told when a port cannot be reached (kubelet/pkg/cri/streaming/portforward, kubelet's own words). */
  failure(port: number, why: string): string {
    return `error forwarding port ${port} to pod ${this.#sandbox?.id ?? ""}, uid : ${why}`;
  }

  get #sandbox() {
    return [...this.#kubelet.runtime.sandboxesOf(this.#uid)].findLast(({ state }) => state === "ready");
  }

  /** Connects to `localhost` in the Pod's network (containerd sandbox_portforward_linux.go). */
  connect(port: number): ConnectResult | { readonly error: string } {
    const { runtime } = this.#kubelet;
    const row = this.#sandbox;
    const ns = row?.netns === undefined ? undefined : runtime.network.find(row.netns);
    if (!row || !ns) return { error: `failed to find sandbox ${JSON.stringify(row?.id ?? "")} in store: not found` };
    const result = connect(ns, { to: "127.0.0.1", port, tracing: false });
    if (result.outcome === "connected") return result;
    result.connection?.close();
    const where = row.netnsPath ?? "host";
    return {
      error: `failed to execute portforward in network namespace ${JSON.stringify(where)}: failed to connect to localhost:${port} inside namespace ${JSON.stringify(row.id)}, IPv4: ${dialError("127.0.0.1", port, result.errno).replace("dial tcp", "dial tcp4")} IPv6 dial tcp6: address localhost: no suitable address found `,
    };
  }
}

/** A static Pod's own uid is the mark on its mirror. */
function uidOf({ metadata }: Pod): string {
  return metadata.annotations?.["kubernetes.io/config.mirror"] ?? metadata.uid;
}

/** The Pod with the status that its kubelet knows. */
function shownTo(kubelet: Kubelet, pod: Pod): Pod {
  const row = kubelet.pods.get(uidOf(pod));
  return row ? { ...pod, status: { ...pod.status, ...row.status } } : pod;
}

/** Without a client CA a kubelet has nothing to judge the API server's certificate by, and takes it for anonymous. */
function trustsClients({ host, running }: Kubelet): boolean {
  const { clientCa, anonymous, authorization } = running.settings;
  return host.files.exists(clientCa) || (anonymous && authorization === "AlwaysAllow");
}

/** The kubelet of a Pod's node, over the network; or an answer in its place. */
function reach(
  cluster: Cluster,
  of: (machine: string) => Kubelet,
  pod: Pod,
  request: ApiRequest,
  failed: (server: string, why: string) => StatusError,
): { readonly kubelet: Kubelet } | { readonly answer: ApiResponse } {
  const { hosts, api } = cluster;
  const name = pod.spec.nodeName ?? "";
  if (name === "") throw errors.badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  const node = api.store.get(nodes as never, "", name) as unknown as Node | undefined;
  if (!node) throw errors.notFound({ group: "", resource: "nodes" }, name);
  const address = node.status.addresses?.find(({ type }) => type === "InternalIP")?.address;
  if (address === undefined) throw errors.unknownError(`no preferred addresses found; known addresses: []`);
  const port = node.status.daemonEndpoints.kubeletEndpoint.Port || 10_250;
  const running = cluster.row.apiServer;
  const host = running && hosts.host(running.host);
  const ns =
    running && host ? namespaceOf(new DaemonProcess(host, running.pid)) : networkOfHosts(hosts).namespace(name);
  const result = connect(ns, { to: address, port, ...(running ? { pid: running.pid } : {}), tracing: false });
  const socket = result.trace?.delivery?.socket;
  result.connection?.close();
  const server = `${address}:${port}`;
  if (result.outcome === "connected" && socket?.application === KUBELET_API)
    return { kubelet: of((socket.args as KubeletSocket).machine) };
  if (result.outcome === "connected") throw failed(server, "EOF");
  if (result.errno === undefined && (request.attempt ?? 0) === 0)
    return { answer: { kind: "pending", after: DIAL_TIMEOUT, request: { ...request, attempt: 1 } } };
  throw failed(server, dialError(address, port, result.errno));
}
