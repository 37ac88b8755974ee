import type { TableName } from "../../../../net/index.ts";
import { ALL_MARKS, MARK } from "./mark-bits.ts";
import { setName } from "./ip-set-id.ts";
import { VXLAN_PORT } from "./endpoint-rules.ts";
import {
  ACCEPT, clearMark, DROP, goTo, inInterface, jump, markClear, markSet, MASQUERADE, outInterface, RETURN, setMark, type Chain, type Rule,
} from "./rule.ts"; // prettier-ignore

/** What felix's unchanging rules depend on. */
export interface StaticConfig {
  /** What the names of Pods' interfaces begin with. */
  readonly prefix: string;
  readonly ipip: boolean;
  readonly vxlan: boolean;
  /** DefaultEndpointToHostAction: what becomes of a Pod's packets to its own node that its policies allow. */
  readonly endpointToHost: "ACCEPT" | "DROP" | "RETURN" | "REJECT";
  /** Some pool's addresses are hidden behind the node's. */
  readonly natOutgoing: boolean;
}

export const ALL_HOSTS = setName("all-hosts-net");
export const ALL_VXLAN = setName("all-vxlan-net");
export const ALL_POOLS = setName("all-ipam-pools");
export const MASQ_POOLS = setName("masq-ipam-pools");

/** What felix writes into one table besides the chains of endpoints and policies. */
export interface StaticTable {
  readonly chains: readonly Chain[];
  /** Rules at the beginning and at the end of the kernel's chains. */
  readonly inserts: Readonly<Record<string, readonly Rule[]>>;
  readonly appends: Readonly<Record<string, readonly Rule[]>>;
}

const enter = (chain: string): Rule[] => [{ action: jump(`cali-${chain}`) }];
const chain = (name: string, ...rules: readonly Rule[]): Chain => ({ name: `cali-${name}`, rules });
const when = (holds: boolean, ...rules: readonly Rule[]): readonly Rule[] => (holds ? rules : []);

/** felix/rules/static.go for IPv4 without host endpoints; chains that nothing leads to (failsafes) are not written. */
export function staticTables(config: StaticConfig): Readonly<Partial<Record<TableName, StaticTable>>> {
  return { raw: raw(config), mangle: mangle(), nat: nat(config), filter: filter(config) };
}

const HOST_ACCEPTED = "Host endpoint policy accepted packet.";
const ACCEPTED = "Policy explicitly accepted packet.";
const udpToTunnel = `-p udp --dport ${VXLAN_PORT}`;

function raw({ prefix, vxlan }: StaticConfig): StaticTable {
  const fromPod = MARK.scratch0;
  const noTrack: Rule = { match: udpToTunnel, action: "--jump NOTRACK" };
  return {
    chains: [
      chain(
        "PREROUTING",
        { action: clearMark(ALL_MARKS) },
        ...when(vxlan, noTrack),
        { match: inInterface(`${prefix}+`), action: setMark(fromPod) },
        { match: markSet(fromPod), action: jump("cali-rpf-skip") },
        { match: `${markSet(fromPod)} -m rpfilter --invert --validmark`, action: DROP },
        { match: markClear(fromPod), action: jump("cali-from-host-endpoint") },
        { match: markSet(MARK.accept), action: ACCEPT },
      ),
      chain(
        "OUTPUT",
        { action: clearMark(ALL_MARKS) },
        { action: jump("cali-to-host-endpoint") },
        ...when(vxlan, noTrack),
        { match: markSet(MARK.accept), action: ACCEPT },
      ),
      chain("rpf-skip"),
      chain("from-host-endpoint"),
      chain("to-host-endpoint"),
    ],
    inserts: { PREROUTING: enter("PREROUTING"), OUTPUT: enter("OUTPUT") },
    appends: {},
  };
}

function mangle(): StaticTable {
  return {
    chains: [
      chain(
        "PREROUTING",
        { match: "-m conntrack --ctstate RELATED,ESTABLISHED", action: ACCEPT },
        { match: markSet(MARK.accept), action: ACCEPT },
        { action: jump("cali-from-host-endpoint") },
        { comment: HOST_ACCEPTED, match: markSet(MARK.accept), action: ACCEPT },
      ),
      chain(
        "POSTROUTING",
        { match: markSet(MARK.accept), action: RETURN },
        { action: clearMark(ALL_MARKS) },
        { match: "-m conntrack --ctstate DNAT", action: jump("cali-to-host-endpoint") },
        { comment: HOST_ACCEPTED, match: markSet(MARK.accept), action: RETURN },
      ),
      chain("from-host-endpoint"),
      chain("to-host-endpoint"),
    ],
    inserts: { PREROUTING: enter("PREROUTING"), POSTROUTING: enter("POSTROUTING") },
    appends: {},
  };
}

function nat({ ipip, vxlan, natOutgoing }: StaticConfig): StaticTable {
  const tunnel = (link: string): Rule => ({
    match: `${outInterface(link)} -m addrtype ! --src-type LOCAL --limit-iface-out -m addrtype --src-type LOCAL`,
    action: MASQUERADE,
  });
  const outgoing = `-m set --match-set ${MASQ_POOLS} src -m set ! --match-set ${ALL_POOLS} dst`;
  return {
    chains: [
      chain("PREROUTING", { action: jump("cali-fip-dnat") }),
      chain("OUTPUT", { action: jump("cali-fip-dnat") }),
      chain(
        "POSTROUTING",
        { action: jump("cali-fip-snat") },
        { action: jump("cali-nat-outgoing") },
        ...when(ipip, tunnel("tunl0")),
        ...when(vxlan, tunnel("vxlan.calico")),
      ),
      chain("nat-outgoing", ...when(natOutgoing, { match: outgoing, action: MASQUERADE })),
      chain("fip-dnat"),
      chain("fip-snat"),
    ],
    inserts: { PREROUTING: enter("PREROUTING"), OUTPUT: enter("OUTPUT"), POSTROUTING: enter("POSTROUTING") },
    appends: {},
  };
}

function filter({ prefix, ipip, vxlan, endpointToHost }: StaticConfig): StaticTable {
  const [fromPods, toPods] = [inInterface(`${prefix}+`), outInterface(`${prefix}+`)];
  const tunnelPort = `-p 17 -m multiport --destination-ports ${VXLAN_PORT}`;
  return {
    chains: [
      chain(
        "INPUT",
        ...when(
          ipip,
          { comment: "Allow IPIP packets from Calico hosts", match: `-p 4 -m set --match-set ${ALL_HOSTS} src -m addrtype --dst-type LOCAL`, action: ACCEPT },
          { comment: "Drop IPIP packets from non-Calico hosts", match: "-p 4", action: DROP },
        ),
        ...when(
          vxlan,
          { comment: "Allow IPv4 VXLAN packets from allowed hosts", match: `${tunnelPort} -m set --match-set ${ALL_VXLAN} src -m addrtype --dst-type LOCAL`, action: ACCEPT },
          { comment: "Drop IPv4 VXLAN packets from non-allowed hosts", match: `${tunnelPort} -m addrtype --dst-type LOCAL`, action: DROP },
        ),
        { match: fromPods, action: goTo("cali-wl-to-host") },
        { match: markSet(MARK.accept), action: ACCEPT },
        { action: clearMark(ALL_MARKS) },
        { action: jump("cali-from-host-endpoint") },
        { comment: HOST_ACCEPTED, match: markSet(MARK.accept), action: ACCEPT },
      ),
      chain(
        "FORWARD",
        { action: clearMark(ALL_MARKS & ~MARK.accept) },
        { match: markClear(MARK.accept), action: jump("cali-from-hep-forward") },
        { match: fromPods, action: jump("cali-from-wl-dispatch") },
        { match: toPods, action: jump("cali-to-wl-dispatch") },
        { action: jump("cali-to-hep-forward") },
        { action: jump("cali-cidr-block") },
      ),
      chain(
        "OUTPUT",
        { match: markSet(MARK.accept), action: ACCEPT },
        { match: toPods, action: RETURN },
        ...when(
          ipip,
          { comment: "Allow IPIP packets to other Calico hosts", match: `-p 4 -m set --match-set ${ALL_HOSTS} dst -m addrtype --src-type LOCAL`, action: ACCEPT },
        ),
        ...when(
          vxlan,
          { comment: "Allow IPv4 VXLAN packets to other allowed hosts", match: `${tunnelPort} -m addrtype --src-type LOCAL -m set --match-set ${ALL_VXLAN} dst`, action: ACCEPT },
        ),
        { action: clearMark(ALL_MARKS) },
        { match: "-m conntrack ! --ctstate DNAT", action: jump("cali-to-host-endpoint") },
        { comment: HOST_ACCEPTED, match: markSet(MARK.accept), action: ACCEPT },
      ),
      chain(
        "wl-to-host",
        { action: jump("cali-from-wl-dispatch") },
        { comment: "Configured DefaultEndpointToHostAction", action: `--jump ${endpointToHost}` },
      ),
      chain("from-hep-forward"),
      chain("to-hep-forward"),
      chain("cidr-block"),
      chain("from-host-endpoint"),
      chain("to-host-endpoint"),
    ],
    inserts: { INPUT: enter("INPUT"), FORWARD: enter("FORWARD"), OUTPUT: enter("OUTPUT") },
    appends: { FORWARD: [{ comment: ACCEPTED, match: markSet(MARK.accept), action: ACCEPT }, { action: setMark(MARK.accept) }] },
  };
} // prettier-ignore
