import type { Frame } from "../filter/frame.ts";
import { arp } from "./arp.ts";
import { ipv4 } from "./ip.ts";
import { ipv6 } from "./ip6.ts";
import { hex, Octets, type Printing } from "./printing.ts";

const ETHERTYPES: Readonly<Record<number, string>> = {
  0x0800: "IPv4",
  0x0806: "ARP",
  0x8035: "Reverse ARP",
  0x86dd: "IPv6",
  0x8100: "802.1Q",
  0x8847: "MPLS unicast",
  0x88cc: "LLDP",
};

const SLL_TYPES = ["In", "B", "M", "P", "Out"];

/** A captured frame, on one line or several. `name`: the link that a capture on all links got it from. */
export function frameText(frame: Frame, printing: Printing, name: string): string {
  const bytes = new Octets(frame.bytes);
  // print-raw.c
  if (frame.linkType === "RAW")
    return `${printing.ether ? "ip: " : ""}${payload(frame.etherType, bytes, frame.length, printing)}`;
  return frame.linkType === "EN10MB"
    ? ethernet(bytes, frame.length, printing)
    : cooked(bytes, frame.length, printing, name);
}

/** Ethernet, also within a vxlan. */
export function ethernet(bytes: Octets, length: number, printing: Printing): string {
  if (bytes.length < 14) return ` [|ether]`;
  const type = bytes.u16(12);
  let text = "";
  if (printing.ether) {
    const mac = (at: number): string => etherName(bytes.mac(at), printing);
    text = `${mac(6)} > ${mac(0)}, ${typeText(type, printing)}, length ${length}: `;
  }
  return text + payload(type, bytes.from(14), length - 14, printing);
}

/** Makers are not looked up in a list of all: those that the software of labs invents have none. */
function etherName(mac: string, { numeric }: Printing): string {
  if (numeric) return mac;
  if (mac === "ff:ff:ff:ff:ff:ff") return "Broadcast";
  return `${mac} (oui ${mac.startsWith("00:00:00") ? "Ethernet" : "Unknown"})`;
}

function typeText(type: number, { quiet }: Printing): string {
  const name = ETHERTYPES[type] ?? "Unknown";
  return quiet ? name : `ethertype ${name} (0x${hex(type, 4)})`;
}

function cooked(bytes: Octets, length: number, printing: Printing, name: string): string {
  const type = bytes.u16(0);
  let text = `${name.padEnd(5)} ${(SLL_TYPES[bytes.u8(10)] ?? "?").padEnd(3)} `;
  if (printing.ether) {
    const address = etherName(bytes.mac(12), printing);
    const kind = typeText(type, printing);
    text += `ifindex ${bytes.u32(4)} ${address} ${printing.quiet ? `${kind}, ` : `${kind}, `}length ${length}: `;
  }
  return text + payload(type, bytes.from(20), length - 20, printing);
}

function payload(type: number, bytes: Octets, length: number, printing: Printing): string {
  switch (type) {
    case 0x0800:
      return ipv4(bytes, length, printing, ethernet);
    case 0x86dd:
      return ipv6(bytes, length, printing, ethernet);
    case 0x0806:
      return `${printing.ether ? "" : "ARP, "}${arp(bytes, length, printing)}`;
    case 0x8100: {
      const tag = bytes.u16(0);
      const priority = `vlan ${tag & 0xfff}, p ${tag >> 13}${tag & 0x1000 ? ", DEI" : ""}`;
      const inner = bytes.u16(2);
      const named = printing.ether ? `${priority}, ${typeText(inner, printing)}, ` : "";
      return named + payload(inner, bytes.from(4), length - 4, printing);
    }
    default:
      return printing.ether ? "" : `ethertype ${ETHERTYPES[type] ?? "Unknown"} (0x${hex(type, 4)}), length ${length}: `;
  }
}
