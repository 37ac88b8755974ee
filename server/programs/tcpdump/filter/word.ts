import { FilterError } from "./syntax.ts";
import { ALL, type Compiled, exact, inexact, IP_PROTOCOLS, kinds } from "./compiled.ts";

export function word(name: string, id: string | undefined): Compiled {
  switch (name) {
    case "ip":
      return exact((frame) => frame.version === 4, kinds(/^ip /));
    case "ip6":
      return exact((frame) => frame.version === 6, kinds(/^ip6/));
    case "arp":
      return exact((frame) => frame.etherType === 0x0806, kinds(/^arp/));
    case "rarp":
      return exact((frame) => frame.etherType === 0x8035, kinds(/^rarp/));
    case "tcp":
    case "udp":
    case "sctp": {
      const [number, pattern] = IP_PROTOCOLS[name]!;
      return exact((frame) => frame.protocol === number, kinds(pattern));
    }
    case "icmp":
      return exact((frame) => frame.version === 4 && frame.protocol === 1, kinds(/^ip icmp$/));
    case "icmp6":
      return exact((frame) => frame.version === 6 && frame.protocol === 58, kinds(/icmp6/));
    case "igmp":
      return exact((frame) => frame.version === 4 && frame.protocol === 2, kinds(/igmp/));
    case "ah":
      return inexact((frame) => frame.protocol === 51, kinds(/^ip6? other/));
    case "esp":
      return inexact((frame) => frame.protocol === 50, kinds(/^ip6? other/));
    case "pim":
      return inexact((frame) => frame.protocol === 103, kinds(/^ip6? other/));
    case "vrrp":
      return inexact((frame) => frame.protocol === 112, kinds(/^ip other/));
    case "broadcast":
    case "ether broadcast":
      return inexact((frame) => frame.destination === "\xff\xff\xff\xff\xff\xff", ALL);
    case "multicast":
    case "ether multicast":
      return inexact((frame) => (frame.destination.charCodeAt(0) & 1) === 1, ALL);
    case "ip multicast":
      return inexact((frame) => frame.version === 4 && frame.u8(frame.network + 16) >= 224, kinds(/^ip /));
    case "ip6 multicast":
      return inexact((frame) => frame.version === 6 && frame.u8(frame.network + 24) === 255, kinds(/^ip6/));
    case "ip broadcast":
      return inexact((frame) => frame.version === 4 && [0, 255].includes(frame.u8(frame.network + 19)), kinds(/^ip /));
    case "inbound":
      return inexact((frame) => frame.type !== 4, ALL);
    case "outbound":
      return inexact((frame) => frame.type === 4, ALL);
    case "less":
      return inexact((frame) => frame.length <= Number(id), ALL);
    case "greater":
      return inexact((frame) => frame.length >= Number(id), ALL);
    case "vlan":
      return inexact((frame) => frame.vlan !== undefined && (id === undefined || frame.vlan === Number(id)), ALL);
    default:
      throw new FilterError("can't parse filter expression: syntax error");
  }
}
