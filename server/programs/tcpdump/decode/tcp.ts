import { dns } from "./dns.ts";
import { hex, internetSum, pseudoSum, type Envelope, type Octets, type Printing } from "./printing.ts";
import { textProtocol } from "./text-protocol.ts";

const [FIN, SYN, RST, ACK, URG] = [1, 2, 4, 16, 32];

/** `.` is an acknowledgement (tcp_flag_values). */
const FLAGS: readonly (readonly [number, string])[] = [[1, "F"], [2, "S"], [4, "R"], [8, "P"], [16, "."], [32, "U"], [64, "E"], [128, "W"]]; // prettier-ignore

/** tcp_print */
export function tcp(bytes: Octets, length: number, envelope: Envelope, printing: Printing): string {
  const { src, dst } = envelope;
  if (bytes.length < 20) return `${printing.host(src)} > ${printing.host(dst)}:  [|tcp]`;
  const [sport, dport] = [bytes.u16(0), bytes.u16(2)];
  const start = `${printing.host(src)}.${printing.port(sport, "tcp")} > ${printing.host(dst)}.${printing.port(dport, "tcp")}: `;
  const header = (bytes.u8(12) >> 4) * 4;
  const size = length - header;
  if (printing.quiet) return `${start}tcp ${size}`;
  const flags = bytes.u8(13);
  const names = FLAGS.flatMap(([bit, name]) => (flags & bit ? [name] : [])).join("");
  let text = `${start}Flags [${names === "" ? "none" : names}]`;
  if (printing.verbose > 0 && !printing.unchecked && !envelope.fragment && bytes.length >= length)
    text += `, cksum ${checked(bytes, envelope)}`;
  const { seq, ack } = numbers(bytes, flags, `${src} ${sport}`, `${dst} ${dport}`, printing);
  if (printing.verbose > 1 || size > 0 || flags & (FIN | SYN | RST))
    text += `, seq ${seq}${size > 0 ? `:${(seq + size) >>> 0}` : ""}`;
  if (flags & ACK) text += `, ack ${ack}`;
  text += `, win ${bytes.u16(14)}`;
  if (flags & URG) text += `, urg ${bytes.u16(18)}`;
  if (header > 20) text += `, options [${options(bytes.slice(20, header))}]`;
  text += `, length ${size}`;
  return size > 0 ? text + carried(bytes.from(header), size, sport, dport, printing) : text;
}

function checked(bytes: Octets, envelope: Envelope): string {
  const given = bytes.u16(16);
  const start = pseudoSum(envelope, 6, bytes.length);
  if (internetSum(bytes.bytes, start) === 0xffff) return `0x${hex(given, 4)} (correct)`;
  const right = ~internetSum(`${bytes.bytes.slice(0, 16)}\0\0${bytes.bytes.slice(18)}`, start) & 0xffff;
  return `0x${hex(given, 4)} (incorrect -> 0x${hex(right, 4)})`;
}

/** Numbers count from the beginning of the conversation, from the second segment that is seen of it. */
function numbers(bytes: Octets, flags: number, from: string, to: string, printing: Printing) {
  const [seq, ack] = [bytes.u32(4), bytes.u32(8)];
  if (printing.absolute || !(flags & ACK)) return { seq, ack };
  const reversed = printing.conversations.has(`${to} ${from}`);
  const known = printing.conversations.get(reversed ? `${to} ${from}` : `${from} ${to}`);
  if (!known || flags & SYN) {
    printing.conversations.delete(`${to} ${from}`);
    printing.conversations.set(`${from} ${to}`, { seq, ack: (ack - 1) >>> 0 });
    return { seq, ack };
  }
  return reversed
    ? { seq: (seq - known.ack) >>> 0, ack: (ack - known.seq) >>> 0 }
    : { seq: (seq - known.seq) >>> 0, ack: (ack - known.ack) >>> 0 };
}

function options(bytes: Octets): string {
  const names: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const kind = bytes.u8(at);
    if (kind === 0) {
      names.push("eol");
      break;
    }
    if (kind === 1) {
      names.push("nop");
      at++;
      continue;
    }
    const length = bytes.u8(at + 1);
    if (length < 2) break;
    names.push(option(bytes, at, kind, length));
    at += length;
  }
  return names.join(",");
}

function option(bytes: Octets, at: number, kind: number, length: number): string {
  switch (kind) {
    case 2:
      return `mss ${bytes.u16(at + 2)}`;
    case 3:
      return `wscale ${bytes.u8(at + 2)}`;
    case 4:
      return "sackOK";
    case 5: {
      const blocks = (length - 2) / 8;
      const list = Array.from(
        { length: blocks },
        (_, n) => `{${bytes.u32(at + 2 + n * 8)}:${bytes.u32(at + 6 + n * 8)}}`,
      );
      return `sack ${blocks} ${list.join("")}`;
    }
    case 8:
      return `TS val ${bytes.u32(at + 2)} ecr ${bytes.u32(at + 6)}`;
    default:
      return `unknown-${kind} 0x${Array.from({ length: length - 2 }, (_, n) => hex(bytes.u8(at + 2 + n), 2)).join("")}`;
  }
}

const HTTP_PORTS = [80, 8080, 3128];

function carried(body: Octets, size: number, sport: number, dport: number, printing: Printing): string {
  const either = (...ports: readonly number[]): boolean => ports.includes(sport) || ports.includes(dport);
  if (either(...HTTP_PORTS)) return `: ${textProtocol("HTTP", body, size, printing)}`;
  if (either(22)) return `: ${textProtocol("SSH", body, size, printing)}`;
  if (either(21)) return `: ${textProtocol("FTP", body, size, printing)}`;
  if (either(25, 587)) return `: ${textProtocol("SMTP", body, size, printing)}`;
  if (either(6379)) return `: RESP`;
  if (either(53)) return ` ${dns(body.from(2), body.length - 2, printing)}`;
  return "";
}
