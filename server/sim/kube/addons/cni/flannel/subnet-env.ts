import { attempt, Errno, type Process } from "../../../../host/index.ts";
import { decode } from "../../../../kernel/index.ts";
import { addressText, networkOf, parsePrefix } from "../../../../net/index.ts";
import { CniError } from "../cni-error.ts";

/** What flanneld has written about its machine's share of the network: /run/flannel/subnet.env. */
export interface SubnetEnv {
  /** The whole network, and the machine's part of it: `10.244.0.0/16`, `10.244.1.0/24`. */
  readonly networks: readonly string[];
  readonly subnets: readonly string[];
  readonly mtu: number;
  readonly ipMasq: boolean;
}

/** flannel-io/cni-plugin loadFlannelSubnetEnv. */
export function loadSubnetEnv(process: Process, path: string): SubnetEnv {
  const data = attempt(() => process.host.files.read(path, process));
  if (data instanceof Errno) throw new CniError(`open ${path}: ${data.message.toLowerCase()}`);
  const values = new Map(
    decode(data)
      .split("\n")
      .map((line) => line.split(/=(.*)/s))
      .flatMap(([name, value]): [string, string][] =>
        name === undefined || value === undefined ? [] : [[name, value]],
      ),
  );
  const cidrs = (name: string): string[] => [...new Set((values.get(name)?.split(",") ?? []).map(network))];
  const networks = [...cidrs("FLANNEL_NETWORK"), ...cidrs("FLANNEL_IPV6_NETWORK")];
  const subnets = [...cidrs("FLANNEL_SUBNET"), ...cidrs("FLANNEL_IPV6_SUBNET")];
  const [mtu, ipMasq] = [values.get("FLANNEL_MTU"), values.get("FLANNEL_IPMASQ")];
  if (mtu !== undefined && !/^\d+$/.test(mtu))
    throw new CniError(`strconv.ParseUint: parsing ${JSON.stringify(mtu)}: invalid syntax`);
  const missing = [
    ...(networks.length === 0 ? ["FLANNEL_NETWORK", "FLANNEL_IPV6_NETWORK"] : []),
    ...(subnets.length === 0 ? ["FLANNEL_SUBNET", "FLANNEL_IPV6_SUBNET"] : []),
    ...(mtu === undefined ? ["FLANNEL_MTU"] : []),
    ...(ipMasq === undefined ? ["FLANNEL_IPMASQ"] : []),
  ];
  if (missing.length > 0) throw new CniError(`${path} is missing ${missing.join(", ")}`);
  return { networks, subnets, mtu: Number(mtu), ipMasq: ipMasq === "true" };
}

/** The network of an address in CIDR notation. */
function network(text: string): string {
  const prefix = text.includes("/") ? parsePrefix(text) : undefined;
  if (!prefix) throw new CniError(`invalid CIDR address: ${text}`);
  return `${addressText(networkOf(prefix.address, prefix.length))}/${prefix.length}`;
}
