import { dns } from "./dns.ts";
import { hex, internetSum, pseudoSum, type Envelope, type Octets, type Printing } from "./printing.ts";
import { tcp } from "./tcp.ts";

/** Prints the frame within a tunnel. */
export type Inner = (frame: Octets, length: number, printing: Printing) => string;

const VXLAN = 4789;
const OTV = 8472;

export function transport(
  protocol: 6 | 17,
  bytes: Octets,
  length: number,
  envelope: Envelope,
  printing: Printing,
  inner: Inner,
): string {
  return protocol === 6 ? tcp(bytes, length, envelope, printing) : udp(bytes, envelope, printing, inner);
}

/** udp_print */
function udp(bytes: Octets, envelope: Envelope, printing: Printing, inner: Inner): string {
  const { src, dst } = envelope;
  if (bytes.length < 8) return `${printing.host(src)} > ${printing.host(dst)}: [|udp]`;
  const [sport, dport, length] = [bytes.u16(0), bytes.u16(2), bytes.u16(4)];
  const start = `${printing.host(src)}.${printing.port(sport, "udp")} > ${printing.host(dst)}.${printing.port(dport, "udp")}: `;
  if (printing.quiet) return `${start}UDP, length ${length - 8}`;
  const sum = printing.verbose > 1 && !printing.unchecked && !envelope.fragment ? checked(bytes, envelope) : "";
  const body = bytes.from(8);
  if (sport === 53 || dport === 53) return `${start}${sum}${dns(body, length - 8, printing)}`;
  if (dport === VXLAN) {
    const flags = body.u8(0) & 8 ? "I" : ".";
    return `${start}${sum}VXLAN, flags [${flags}] (0x${hex(body.u8(0), 2)}), vni ${body.u32(4) >>> 8}\n${inner(body.from(8), length - 16, printing)}`;
  }
  if (dport === OTV) {
    const flags = body.u8(0) & 8 ? "I" : ".";
    const overlay = body.u32(0) & 0xff_ffff;
    return `${start}${sum}OTV, flags [${flags}] (0x${hex(body.u8(0), 2)}), overlay ${overlay}, instance ${body.u32(4) >>> 8}\n${inner(body.from(8), length - 16, printing)}`;
  }
  return `${start}${sum}UDP, length ${length - 8}`;
}

function checked(bytes: Octets, envelope: Envelope): string {
  const given = bytes.u16(6);
  if (given === 0) return "[no cksum] ";
  if (bytes.length < bytes.u16(4)) return "";
  const start = pseudoSum(envelope, 17, bytes.length);
  if (internetSum(bytes.bytes, start) === 0xffff) return "[udp sum ok] ";
  const right = ~internetSum(`${bytes.bytes.slice(0, 6)}\0\0${bytes.bytes.slice(8)}`, start) & 0xffff;
  return `[bad udp cksum 0x${hex(given, 4)} -> 0x${hex(right, 4)}!] `;
}
