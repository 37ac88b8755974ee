import {
  address,
  addressesOf,
  contains,
  getRoute,
  isIPv4,
  listLinks,
  parseAddress,
  parsePrefix,
  type Namespace,
} from "../../../../net/index.ts";
import type { Node } from "../../../api/index.ts";

export interface Detected {
  readonly link: string;
  /** `172.30.1.2/24` */
  readonly cidr: string;
  readonly log: string;
}

/** Interfaces that are nobody's way to other machines (node/pkg/lifecycle/startup/autodetection DEFAULT_INTERFACES_TO_EXCLUDE). */
const EXCLUDED =
  /^(?:docker.*|cbr.*|dummy.*|virbr.*|lxcbr.*|veth.*|lo|cali.*|tunl.*|flannel.*|kube-ipvs.*|cni.*|vxlan\.calico.*|vxlan-v6\.calico.*|wireguard\.cali.*|wg-v6\.cali.*|weave|datapath|vethwe.*|vxlan-6784)$/;

/** The address that others reach this machine by, as IP_AUTODETECTION_METHOD says. */
export function detectAddress(
  ns: Namespace,
  method: string,
  node: Node | undefined,
): Detected | { readonly error: string } {
  const all = candidates(ns);
  const argument = method.slice(method.indexOf("=") + 1);
  if (method === "" || method === "first-found") {
    const found = all.find(({ link }) => !EXCLUDED.test(link));
    return found
      ? { ...found, log: `Using autodetected IPv4 address on interface ${found.link}: ${found.cidr}` }
      : { error: "Unable to auto-detect an IPv4 address: no valid IPv4 addresses found on the host interfaces" };
  }
  if (method.startsWith("interface=") || method.startsWith("skip-interface=")) {
    const patterns = argument.split(",").map((pattern) => new RegExp(pattern));
    const skip = method.startsWith("skip");
    const found = all.find(
      ({ link }) => patterns.some((pattern) => pattern.test(link)) !== skip && (!skip || !EXCLUDED.test(link)),
    );
    return found
      ? { ...found, log: `Using autodetected IPv4 address on interface ${found.link}: ${found.cidr}` }
      : {
          error: `Unable to auto-detect an IPv4 address using interface regexes [${argument.split(",").join(" ")}]: no valid host interfaces found`,
        };
  }
  const by = (local: string, log: (cidr: string, link: string) => string): Detected | { readonly error: string } => {
    const found = all.find(({ cidr }) => cidr.split("/")[0] === local);
    return found
      ? { ...found, log: log(found.cidr, found.link) }
      : { error: `Unable to auto-detect an IPv4 address by ${method}: no interface has ${local}` };
  };
  if (method === "kubernetes-internal-ip") {
    const internal = node?.status.addresses?.find(({ type }) => type === "InternalIP")?.address ?? "";
    return by(internal, (cidr) => `Using autodetected IPv4 address ${cidr}, detected from Kubernetes Node InternalIP`);
  }
  if (method.startsWith("can-reach=")) {
    const to = parseAddress(argument);
    const route = to === undefined ? undefined : getRoute(ns, { destination: to });
    const link = typeof route === "object" ? route.link.name : "";
    const found = all.find((one) => one.link === link);
    return found
      ? { ...found, log: `Using autodetected IPv4 address ${found.cidr}, detected by connecting to ${argument}` }
      : {
          error: `Unable to auto-detect IPv4 address by connecting to ${argument}: dial udp4: connect: network is unreachable`,
        };
  }
  if (method.startsWith("cidr=")) {
    const nets = argument.split(",").flatMap((text) => parsePrefix(text) ?? []);
    const found = all.find(({ cidr }) => nets.some((net) => contains(net, address(cidr.split("/")[0]!))));
    return found
      ? {
          ...found,
          log: `Using autodetected IPv4 address ${found.cidr} on interface ${found.link} matching cidrs ${argument}`,
        }
      : { error: `Unable to auto-detect an IPv4 address using cidrs [${argument}]: no valid host interfaces found` };
  }
  return { error: `Invalid IP autodetection method: ${method}` };
}

function candidates(ns: Namespace): { readonly link: string; readonly cidr: string }[] {
  return listLinks(ns).flatMap((link) =>
    link.up && link.kind !== "loopback"
      ? addressesOf(ns, link.index)
          .filter(({ local }) => isIPv4(address(local)) && !local.startsWith("169.254."))
          .map(({ local, length }) => ({ link: link.name, cidr: `${local}/${length}` }))
      : [],
  );
}
