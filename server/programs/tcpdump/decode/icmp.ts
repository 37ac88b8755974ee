import { hex, internetSum, type Envelope, type Octets, type Printing } from "./printing.ts";

/** icmp_print: what a message says, and with -v the packet that it is about. */
export function icmp(
  bytes: Octets,
  length: number,
  envelope: Envelope,
  printing: Printing,
  quote: (packet: Octets) => string,
): string {
  if (bytes.length < 8) return ` [|icmp]`;
  const type = bytes.u8(0);
  let text = `ICMP ${words(bytes, printing)}, length ${length}`;
  if (printing.verbose > 0 && !printing.quiet) {
    const sum = internetSum(bytes.bytes);
    if (!printing.unchecked && !envelope.fragment && bytes.length >= length && sum !== 0xffff)
      text += ` (wrong icmp cksum ${hex(bytes.u16(2))} (->${hex(fixed(bytes))})!)`;
  }
  if (printing.verbose > 0 && isError(type) && bytes.length >= 28) text += `\n\t${quote(bytes.from(8))}`;
  return text;
}

function fixed(bytes: Octets): number {
  return ~internetSum(`${bytes.bytes.slice(0, 2)}\0\0${bytes.bytes.slice(4)}`) & 0xffff;
}

function isError(type: number): boolean {
  return type === 3 || type === 4 || type === 5 || type === 11 || type === 12;
}

/** unreach2str: what cannot be reached, by code. */
const UNREACHABLE: Readonly<Record<number, (host: string) => string>> = {
  0: (host) => `net ${host} unreachable`,
  1: (host) => `host ${host} unreachable`,
  5: (host) => `${host} unreachable - source route failed`,
  6: (host) => `net ${host} unreachable - unknown`,
  7: (host) => `host ${host} unreachable - unknown`,
  8: (host) => `${host} unreachable - source host isolated`,
  9: (host) => `net ${host} unreachable - admin prohibited`,
  10: (host) => `host ${host} unreachable - admin prohibited`,
  11: (host) => `net ${host} unreachable - tos prohibited`,
  12: (host) => `host ${host} unreachable - tos prohibited`,
  13: (host) => `host ${host} unreachable - admin prohibited filter`,
  14: (host) => `host ${host} unreachable - host precedence violation`,
  15: (host) => `host ${host} unreachable - precedence cutoff`,
};

const PROTOCOL_NAMES: Readonly<Record<number, "tcp" | "udp">> = { 6: "tcp", 17: "udp" };

function words(bytes: Octets, printing: Printing): string {
  const [type, code] = [bytes.u8(0), bytes.u8(1)];
  switch (type) {
    case 0:
    case 8:
      return `echo ${type === 8 ? "request" : "reply"}, id ${bytes.u16(4)}, seq ${bytes.u16(6)}`;
    case 3:
      return unreachable(bytes, code, printing);
    case 4:
      return "source quench";
    case 5: {
      const kind = ["net", "host", "net", "host"][code] ?? "unknown";
      const service = code > 1 ? "-tos" : "";
      return `redirect${service} ${printing.host(bytes.ipv4(24))} to ${kind} ${printing.host(bytes.ipv4(4))}`;
    }
    case 9:
      return "router advertisement";
    case 10:
      return "router solicitation";
    case 11:
      return code === 0
        ? "time exceeded in-transit"
        : code === 1
          ? "ip reassembly time exceeded"
          : `time exceeded-#${code}`;
    case 12:
      return code === 0 ? `parameter problem - octet ${bytes.u8(4)}` : `parameter problem - code ${code}`;
    case 13:
      return `time stamp query id ${bytes.u16(4)} seq ${bytes.u16(6)}`;
    default:
      return `type-#${type}`;
  }
}

function unreachable(bytes: Octets, code: number, printing: Printing): string {
  const quoted = bytes.from(8);
  const protocol = quoted.u8(9);
  const host = printing.host(quoted.ipv4(16));
  switch (code) {
    case 2:
      return `${host} protocol ${protocol} unreachable`;
    case 3: {
      const port = quoted.u16((quoted.u8(0) & 15) * 4 + 2);
      const name = PROTOCOL_NAMES[protocol];
      if (name === undefined) return `${host} protocol ${protocol} port ${port} unreachable`;
      return `${host} ${name} port ${printing.port(port, name)} unreachable`;
    }
    case 4: {
      const mtu = bytes.u16(6);
      return `${host} unreachable - need to frag${mtu === 0 ? "" : ` (mtu ${mtu})`}`;
    }
    default:
      return UNREACHABLE[code]?.(host) ?? `${host} unreachable - #${code}`;
  }
}
