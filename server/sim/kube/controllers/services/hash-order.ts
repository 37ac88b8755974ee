import { createHash } from "node:crypto";
import type { EndpointAddress, EndpointPort, EndpointSubset } from "../../api/index.ts";

/**
 * Upstream orders ports and subsets by the MD5 of what the spew library prints of their Go structures (`%#v`), which
 * everybody sees in `kubectl get endpoints`: kube-dns has 53, 53, 9153 there and 9153, 53, 53 in its EndpointSlice.
 */

type SubsetPort = NonNullable<EndpointSubset["ports"]>[number];

/** Ports as pkg/api/v1/endpoints/util.go orders them. */
export function byEndpointsHash(ports: readonly SubsetPort[]): SubsetPort[] {
  return sortedBy(ports, dumpPort);
}

/** Ports as k8s.io/endpointslice/util orders them. */
export function bySliceHash(ports: readonly EndpointPort[]): EndpointPort[] {
  return sortedBy(ports, ({ name = "", protocol, port, appProtocol }) =>
    struct("v1.EndpointPort", {
      Name: pointer("string", name),
      Protocol: pointer("v1.Protocol", protocol),
      Port: pointer("int32", port),
      AppProtocol: pointer("string", appProtocol),
    }),
  );
}

export function subsetsByHash(subsets: readonly EndpointSubset[]): EndpointSubset[] {
  return sortedBy(subsets, ({ addresses, notReadyAddresses, ports }) =>
    struct("v1.EndpointSubset", {
      Addresses: list("v1.EndpointAddress", addresses, dumpAddress),
      NotReadyAddresses: list("v1.EndpointAddress", notReadyAddresses, dumpAddress),
      Ports: list("v1.EndpointPort", ports, dumpPort),
    }),
  );
}

function sortedBy<T>(items: readonly T[], dump: (item: T) => string): T[] {
  if (items.length < 2) return [...items];
  return items
    .map((item) => ({ item, hash: createHash("md5").update(dump(item)).digest("hex") }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1))
    .map(({ item }) => item);
}

function dumpPort({ name = "", port, protocol = "", appProtocol }: SubsetPort): string {
  return struct("v1.EndpointPort", {
    Name: `(string)${name}`,
    Port: `(int32)${port}`,
    Protocol: `(v1.Protocol)${protocol}`,
    AppProtocol: pointer("string", appProtocol),
  });
}

function dumpAddress({ ip, hostname = "", nodeName, targetRef }: EndpointAddress): string {
  const reference = targetRef && {
    Kind: targetRef.kind,
    Namespace: targetRef.namespace,
    Name: targetRef.name,
    UID: targetRef.uid,
    APIVersion: targetRef.apiVersion,
    ResourceVersion: targetRef.resourceVersion,
    FieldPath: targetRef.fieldPath,
  };
  const members = Object.entries(reference ?? {}).map(
    ([key, value = ""]) => [key, `(${key === "UID" ? "types.UID" : "string"})${value}`] as const,
  );
  return struct("v1.EndpointAddress", {
    IP: `(string)${ip}`,
    Hostname: `(string)${hostname}`,
    NodeName: pointer("string", nodeName),
    TargetRef: reference ? struct("*v1.ObjectReference", Object.fromEntries(members)) : "(*v1.ObjectReference)<nil>",
  });
}

function struct(type: string, members: Readonly<Record<string, string>>): string {
  const inner = Object.entries(members).map(([key, value]) => `${key}:${value}`);
  return `(${type}){${inner.join(" ")}}`;
}

function pointer(type: string, value: string | number | undefined): string {
  return `(*${type})${value ?? "<nil>"}`;
}

function list<T>(type: string, items: readonly T[] | undefined, dump: (item: T) => string): string {
  return `([]${type})${items ? `[${items.map(dump).join(" ")}]` : "<nil>"}`;
}
