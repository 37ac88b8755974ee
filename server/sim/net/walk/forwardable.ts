import type { LinkRow } from "../link/row.ts";
import { TCP } from "../netfilter/protocols.ts";
import type { Packet } from "./packet.ts";

/** A VLAN tag may come on top of a link's MTU. */
const TAG = 4;

/**
 * True if a virtual link takes a frame as it is: the receiving end of a veth, a port of a bridge (is_skb_forwardable). Several
 * TCP segments travel as one, whose length nobody looks at.
 */
export function fits({ size, segments, protocol, fragmentSize }: Packet, link: LinkRow): boolean {
  return (fragmentSize || size) <= link.mtu + TAG || (protocol === TCP && segments > 1);
}
