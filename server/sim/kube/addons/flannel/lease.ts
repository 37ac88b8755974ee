import { addressText, ipv4, isIPv4, networkOf, parseIPv4, parsePrefix } from "../../../net/index.ts";
import { go, goStruct, quote, type Node } from "../../api/index.ts";
import type { AnnotationNames } from "./annotations.ts";

/** A node's part of the network and how to reach it: what its annotations tell the others. Plain data. */
export interface Lease {
  /** `10.244.1.0/24` */
  readonly subnet: string;
  readonly publicIp: string;
  readonly backendType: string;
  /** `{"VNI":1,"VtepMAC":"…"}`, or `null`. */
  readonly backendData: string;
}

/** The first IPv4 range of a node's Pods. */
export function podSubnet({ spec }: Node): string | undefined {
  for (const cidr of spec.podCIDRs ?? (spec.podCIDR ? [spec.podCIDR] : [])) {
    const prefix = parsePrefix(cidr);
    if (prefix && isIPv4(prefix.address))
      return `${addressText(networkOf(prefix.address, prefix.length))}/${prefix.length}`;
  }
  return undefined;
}

/** kube.go nodeToLease. */
export function leaseOf(node: Node, names: AnnotationNames): Lease | { readonly error: string } {
  const annotations = node.metadata.annotations ?? {};
  const publicIp = annotations[names.publicIp] ?? "";
  if (parseIPv4(publicIp) === undefined) return { error: "malformed IPv4 address" };
  const subnet = podSubnet(node);
  if (subnet === undefined) return { error: `invalid CIDR address: ${node.spec.podCIDR ?? ""}` };
  return {
    subnet,
    publicIp,
    backendType: annotations[names.backendType] ?? "",
    backendData: annotations[names.backendData] ?? "",
  };
}

/** A lease's event as the log has it: `%#v` of lease.Event. */
export function goEvent(type: "added" | "removed", lease: Lease): string {
  const { address, length } = parsePrefix(lease.subnet)!;
  const data = [...lease.backendData].map((char) => `0x${char.charCodeAt(0).toString(16)}`);
  return goStruct("lease.Event", {
    Type: type === "added" ? 0 : 1,
    Lease: goStruct("lease.Lease", {
      EnableIPv4: true,
      EnableIPv6: false,
      Subnet: goStruct("ip.IP4Net", { IP: go(hex(address as number)), PrefixLen: go(hex(length)) }),
      IPv6Subnet: goStruct("ip.IP6Net", { IP: go("(*ip.IP6)(nil)"), PrefixLen: go("0x0") }),
      Attrs: goStruct("lease.LeaseAttrs", {
        PublicIP: go(hex(ipv4(lease.publicIp))),
        PublicIPv6: go("(*ip.IP6)(nil)"),
        BackendType: lease.backendType,
        BackendData: go(`json.RawMessage{${data.join(", ")}}`),
        BackendV6Data: go("json.RawMessage(nil)"),
      }),
      Expiration: go("time.Date(1, time.January, 1, 0, 0, 0, 0, time.UTC)"),
      Asof: 0,
    }),
  }).go;
}

function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}

/** What the vxlan backend keeps in a node's annotation. */
export function vxlanData(vni: number, mac: string): string {
  return `{"VNI":${vni},"VtepMAC":${quote(mac)}}`;
}

/** The MAC address in an annotation, if it is one of the vxlan backend's. */
export function vtepMac(data: string): string | undefined {
  return /"VtepMAC":"([0-9a-f:]{17})"/.exec(data)?.[1];
}
