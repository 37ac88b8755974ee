import { icmp } from "./icmp.ts";
import { hex, internetSum, type Envelope, type Octets, type Printing } from "./printing.ts";
import { transport, type Inner } from "./transport.ts";

const PROTOCOLS: Readonly<Record<number, string>> = {
  1: "ICMP",
  2: "IGMP",
  4: "IPIP",
  6: "TCP",
  17: "UDP",
  41: "IPv6",
  47: "GRE",
  50: "ESP",
  51: "AH",
  58: "ICMPv6",
  112: "VRRP",
  132: "SCTP",
};

/** IPv4 (print-ip.c). `inner` prints the frame that a tunnel carries. */
export function ipv4(bytes: Octets, _length: number, printing: Printing, inner: Inner): string {
  const start = printing.ether ? "" : "IP ";
  if (bytes.length < 20) return `${start} [|ip]`;
  return start + header(bytes, printing, inner);
}

function header(bytes: Octets, printing: Printing, inner: Inner): string {
  const headerLength = (bytes.u8(0) & 15) * 4;
  const total = bytes.u16(2);
  const fragment = bytes.u16(6);
  const protocol = bytes.u8(9);
  const offset = (fragment & 0x1fff) * 8;
  const envelope: Envelope = {
    src: bytes.ipv4(12),
    dst: bytes.ipv4(16),
    ends: bytes.bytes.slice(12, 20),
    version: 4,
    fragment: (fragment & 0x3fff) !== 0,
  };
  const line = printing.verbose > 0 ? verbose(bytes, headerLength, printing) : "";
  const body = bytes.slice(headerLength, total);
  if (offset > 0) {
    const name = printing.numeric ? undefined : PROTOCOLS[protocol]?.toLowerCase();
    return `${line}${ends(envelope, printing)}${name ?? `ip-proto-${protocol}`}`;
  }
  return line + carried(protocol, body, total - headerLength, envelope, printing, inner);
}

function ends({ src, dst }: Envelope, printing: Printing): string {
  return `${printing.host(src)} > ${printing.host(dst)}: `;
}

function carried(
  protocol: number,
  body: Octets,
  length: number,
  envelope: Envelope,
  printing: Printing,
  inner: Inner,
): string {
  switch (protocol) {
    case 1: {
      const quote = (quoted: Octets): string => `IP ${header(quoted, printing, inner)}`;
      return ends(envelope, printing) + icmp(body, length, envelope, printing, quote);
    }
    case 6:
    case 17:
      return transport(protocol, body, length, envelope, printing, inner);
    case 4:
      return `${ends(envelope, printing)}${printing.ether ? "IP " : "IP "}${header(body, printing, inner)}`;
    default: {
      const name = PROTOCOLS[protocol];
      return `${ends(envelope, printing)}${name === undefined || printing.numeric ? ` ip-proto-${protocol}` : ` ${name.toLowerCase()}`} ${length}`;
    }
  }
}

/** `(tos 0x0, ttl 64, …)` and the beginning of the second line. */
function verbose(bytes: Octets, headerLength: number, printing: Printing): string {
  const tos = bytes.u8(1);
  const fragment = bytes.u16(6);
  const congestion = ["", ",ECT(1)", ",ECT(0)", ",CE"][tos & 3]!;
  const flags = [fragment & 0x2000 ? "+" : "", fragment & 0x4000 ? "DF" : "", fragment & 0x8000 ? "rsvd" : ""].filter(
    (flag) => flag !== "",
  );
  const protocol = bytes.u8(9);
  const name = PROTOCOLS[protocol];
  const sum = printing.unchecked ? 0xffff : internetSum(bytes.bytes.slice(0, headerLength));
  const bad =
    sum === 0xffff
      ? ""
      : `, bad cksum ${hex(bytes.u16(10))} (->${hex(~internetSum(bytes.bytes.slice(0, 10) + bytes.bytes.slice(12, headerLength)) & 0xffff)})!`;
  const protocolText = name === undefined ? `unknown (${protocol})` : `${name} (${protocol})`;
  return `(tos 0x${hex(tos)}${congestion}, ttl ${bytes.u8(8)}, id ${bytes.u16(4)}, offset ${(fragment & 0x1fff) * 8}, flags [${flags.length > 0 ? flags.join(", ") : "none"}], proto ${protocolText}, length ${bytes.u16(2)}${bad})\n    `;
}
