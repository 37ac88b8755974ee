import { addressText } from "../../ip.ts";
import type { Namespace } from "../../namespace.ts";
import { socketIndex } from "../../socket/lookup.ts";
import type { Packet } from "../../walk/packet.ts";
import type { MatchExtension } from "../extension.ts";
import { TCP, UDP } from "../protocols.ts";
import { unsimulated } from "../row.ts";

const FLAGS = ["transparent", "nowildcard"] as const;

/** Whether somebody here holds a socket that the packet is for. No program's is transparent (IP_TRANSPARENT). */
export const socket: MatchExtension = {
  kind: "match",
  name: "socket",
  hooks: ["PREROUTING", "INPUT"],
  options: {
    ...Object.fromEntries(FLAGS.map((flag) => [`--${flag}`, { key: flag, words: 0, read: () => true }])),
    "--restore-skmark": { key: "mark", words: 0, read: () => unsimulated("-m socket --restore-skmark") },
  },
  finish: (given) => Object.fromEntries([...given.keys()].map((flag) => [flag, true])),
  save: (options) => FLAGS.map((flag) => (options[flag] ? ` --${flag}` : "")).join(""),
  list: (options) => ` socket${FLAGS.map((flag) => (options[flag] ? ` --${flag}` : "")).join("")}`,
  compile(options) {
    const wildcards = options["nowildcard"] === true;
    if (options["transparent"]) return () => false;
    return (packet, { ns, in: link }) => holds(ns, packet, link?.name ?? "", wildcards);
  },
};

/** An established connection counts before a listening socket; one that listens on every address only if that is asked for. */
function holds(ns: Namespace, packet: Packet, device: string, wildcards: boolean): boolean {
  const { protocol, dst, dport } = packet;
  if (protocol !== TCP && protocol !== UDP) return false;
  const row = socketIndex(ns).find(protocol === TCP ? "tcp" : "udp", dst, dport, device);
  if (row) return wildcards || row.address === addressText(dst);
  const [own, other] = [addressText(dst), addressText(packet.src)];
  for (const { address, port, peerAddress, peerPort } of ns.connections.values())
    if (port === dport && peerPort === packet.sport && address === own && peerAddress === other) return true;
  return false;
}
