import { createHash } from "node:crypto";
import type { Pod, StringMap } from "../../../api/index.ts";
import { NAMESPACE, ORCHESTRATOR } from "./selector.ts";

const SERVICE_ACCOUNT = "projectcalico.org/serviceaccount";
const POD_IP = "cni.projectcalico.org/podIP";
const POD_IPS = "cni.projectcalico.org/podIPs";

export interface EndpointPort {
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
}

/** A Pod's interface as felix sees it: a WorkloadEndpoint (libcalico-go conversion/workload_endpoint_default.go). */
export interface Endpoint {
  /** `default/web`. */
  readonly key: string;
  readonly namespace: string;
  readonly node: string;
  /** The end of its veth that is on the node. */
  readonly link: string;
  readonly addresses: readonly string[];
  readonly ports: readonly EndpointPort[];
  readonly profiles: readonly string[];
  /** Its own labels and what Calico adds; those of its Namespace are not among them. */
  readonly labels: StringMap;
}

const known = new WeakMap<Pod, Endpoint | "none">();

/** Undefined for a Pod of the host's network, one that is not placed or has no address (any more). */
export function endpointOf(pod: Pod, prefix: string): Endpoint | undefined {
  let endpoint = known.get(pod);
  if (endpoint === undefined) known.set(pod, (endpoint = convert(pod, prefix) ?? "none"));
  return endpoint === "none" ? undefined : endpoint;
}

function convert(pod: Pod, prefix: string): Endpoint | undefined {
  const { spec, metadata } = pod;
  const { name, namespace = "", labels = {} } = metadata;
  const { nodeName: node = "", serviceAccountName: account = "" } = spec;
  if (spec.hostNetwork || node === "" || isFinished(pod)) return undefined;
  const addresses = addressesOf(pod).filter((address) => !address.includes(":"));
  if (addresses.length === 0) return undefined;
  return {
    key: `${namespace}/${name}`,
    namespace,
    node,
    link: vethName(prefix, namespace, name),
    addresses,
    ports: portsOf(pod),
    profiles: [`kns.${namespace}`, ...(account === "" ? [] : [`ksa.${namespace}.${account}`])],
    labels: {
      ...labels,
      [NAMESPACE]: namespace,
      [ORCHESTRATOR]: "k8s",
      ...(account === "" || account.length >= 63 ? {} : { [SERVICE_ACCOUNT]: account }),
    },
  };
}

/** `cali` and the beginning of a hash (VethNameForWorkload). */
export function vethName(prefix: string, namespace: string, pod: string): string {
  return prefix + createHash("sha1").update(`${namespace}.${pod}`).digest("hex").slice(0, 11);
}

/** It has no address any more, or will not use it. */
function isFinished({ metadata, status }: Pod): boolean {
  if (metadata.deletionTimestamp !== undefined && metadata.annotations?.[POD_IP] === "") return true;
  return status.phase === "Succeeded" || status.phase === "Failed";
}

/** What the status says, or before that what the plugin has noted. */
function addressesOf({ metadata, status }: Pod): string[] {
  if (status.podIPs && status.podIPs.length > 0) return status.podIPs.map(({ ip }) => ip);
  if (status.podIP) return [status.podIP];
  const noted = metadata.annotations?.[POD_IPS] || metadata.annotations?.[POD_IP] || "";
  return noted === "" ? [] : noted.split(",").map((cidr) => cidr.split("/")[0]!);
}

function portsOf({ spec }: Pod): EndpointPort[] {
  return [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ ports = [] }) =>
    ports.flatMap(({ name = "", containerPort, protocol = "TCP" }) =>
      name === "" ? [] : [{ name, protocol: protocol.toLowerCase(), port: containerPort }],
    ),
  );
}
