import { directory, file, type ViewContext, type ViewNode } from "../../host/index.ts";
import type { Namespace } from "../namespace.ts";
import { bridgePorts, findLink, listLinks, peerOf } from "../link/links.ts";
import { shownOperState, type LinkRow } from "../link/row.ts";
import { contextNamespace } from "./context.ts";

/** /sys/class/net: a directory per link. */
export const classNet: ViewNode<ViewContext> = directory<ViewContext>({
  class: directory<ViewContext>({
    net: {
      type: "dir",
      mode: 0o755,
      list: (context) => listLinks(contextNamespace(context)).map((link) => link.name),
      child(context, name) {
        const ns = contextNamespace(context);
        const link = findLink(ns, name);
        return link && ofLink(ns, link);
      },
    },
  }),
});

/** ARPHRD_ETHER and ARPHRD_LOOPBACK. */
const hardwareType = (link: LinkRow): number => (link.kind === "loopback" ? 772 : 1);

function ofLink(ns: Namespace, link: LinkRow): ViewNode<ViewContext> {
  const peer = peerOf(ns, link);
  const counters = ns.linkCounters.get(link.index);
  const bridge = link.kind === "bridge";
  return directory<ViewContext>({
    address: file(() => `${link.address}\n`),
    ...(bridge
      ? {
          bridge: directory<ViewContext>({ ageing_time: file(() => `${link.ageing * 100}\n`) }),
          brif: {
            type: "dir",
            list: () => bridgePorts(ns, link.index).map((port) => port.name),
            child: (_, name) =>
              bridgePorts(ns, link.index).some((port) => port.name === name)
                ? { type: "link", target: () => `../../${name}/brport` }
                : undefined,
          },
        }
      : {}),
    ...(link.master === undefined
      ? {}
      : {
          master: { type: "link", target: () => `../${ns.links.get(link.master!)!.name}` },
          ...(ns.links.get(link.master)!.kind === "bridge"
            ? {
                brport: directory<ViewContext>({
                  bridge: { type: "link", target: () => `../../${ns.links.get(link.master!)!.name}` },
                }),
              }
            : {}),
        }),
    carrier: file(() => `${link.carrier ? 1 : 0}\n`),
    flags: file(() => `0x${flagBits(link).toString(16)}\n`),
    ifindex: file(() => `${link.index}\n`),
    iflink: file(() => `${peer?.link.index ?? link.index}\n`),
    mtu: file(() => `${link.mtu}\n`),
    operstate: file(() => `${shownOperState(link).toLowerCase()}\n`),
    statistics: directory<ViewContext>({
      rx_bytes: file(() => `${counters?.rxBytes ?? 0}\n`),
      rx_packets: file(() => `${counters?.rxPackets ?? 0}\n`),
      rx_dropped: file(() => `${counters?.rxDropped ?? 0}\n`),
      tx_bytes: file(() => `${counters?.txBytes ?? 0}\n`),
      tx_packets: file(() => `${counters?.txPackets ?? 0}\n`),
      tx_dropped: file(() => `${counters?.txDropped ?? 0}\n`),
    }),
    tx_queue_len: file(() => `${link.txqlen}\n`),
    type: file(() => `${hardwareType(link)}\n`),
  });
}

/** IFF_* bits as dev_get_flags() without those that come from the carrier. */
function flagBits(link: LinkRow): number {
  const bits = link.kind === "loopback" ? 0x8 : 0x2 | (link.multicast ? 0x1000 : 0);
  return (
    bits | (link.up ? 1 : 0) | (link.arp ? 0 : 0x80) | (link.promisc ? 0x100 : 0) | (link.allmulticast ? 0x200 : 0)
  );
}
