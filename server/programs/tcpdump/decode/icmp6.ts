import { hex, internetSum, pseudoSum, type Envelope, type Octets, type Printing } from "./printing.ts";

const TYPES: Readonly<Record<number, string>> = {
  1: "destination unreachable",
  2: "packet too big",
  3: "time exceeded",
  4: "parameter problem",
  128: "echo request",
  129: "echo reply",
  130: "multicast listener query",
  131: "multicast listener report",
  132: "multicast listener done",
  133: "router solicitation",
  134: "router advertisement",
  135: "neighbor solicitation",
  136: "neighbor advertisement",
  137: "redirect",
  143: "multicast listener report v2",
};

/** icmp6_print */
export function icmp6(bytes: Octets, length: number, envelope: Envelope, printing: Printing): string {
  if (bytes.length < 4) return " [|icmp6]";
  const type = bytes.u8(0);
  const verbose = printing.verbose > 0;
  const sum = verbose && !printing.unchecked ? `${checked(bytes, envelope)} ` : "";
  const name = TYPES[type];
  if (name === undefined) return `${sum}ICMP6, unknown icmp6 type (${type}), length ${length}`;
  const start = `${sum}ICMP6, ${name}`;
  // With -v the length stands before what neighbour discovery says, and not at all for an echo.
  const discovery = type >= 133 && type <= 136;
  const before = verbose && discovery ? `, length ${length}` : "";
  const after = verbose && (discovery || type === 128 || type === 129) ? "" : `, length ${length}`;
  return `${start}${before}${details(bytes, type, printing)}${after}${verbose && discovery ? options(bytes, type) : ""}`;
}

function checked(bytes: Octets, envelope: Envelope): string {
  const sum = internetSum(bytes.bytes, pseudoSum(envelope, 58, bytes.length));
  return sum === 0xffff ? "[icmp6 sum ok]" : `[bad icmp6 cksum 0x${hex(bytes.u16(2), 4)}!]`;
}

function details(bytes: Octets, type: number, printing: Printing): string {
  switch (type) {
    case 128:
    case 129:
      return `, id ${bytes.u16(4)}, seq ${bytes.u16(6)}`;
    case 135:
      return `, who has ${printing.host(bytes.ipv6(8))}`;
    case 136: {
      const target = `, tgt is ${printing.host(bytes.ipv6(8))}`;
      if (printing.verbose === 0) return target;
      const flags = bytes.u8(4);
      const names = [flags & 0x80 ? "router" : "", flags & 0x40 ? "solicited" : "", flags & 0x20 ? "override" : ""];
      return `${target}, Flags [${names.filter((one) => one !== "").join(", ") || "none"}]`;
    }
    case 1:
      return unreachable(bytes, printing);
    case 2:
      return `, mtu ${bytes.u32(4)}`;
    case 3:
      return bytes.u8(1) === 0
        ? ` in-transit for ${printing.host(bytes.ipv6(32))}`
        : ` in reassembly for ${printing.host(bytes.ipv6(32))}`;
    case 143:
      return `, ${bytes.u16(6)} group record(s)`;
    default:
      return "";
  }
}

function unreachable(bytes: Octets, printing: Printing): string {
  const quoted = bytes.from(8);
  const target = printing.host(quoted.ipv6(24));
  switch (bytes.u8(1)) {
    case 0:
      return `, unreachable route ${target}`;
    case 1:
      return `, unreachable prohibited ${target}`;
    case 3:
      return `, unreachable address ${target}`;
    case 4: {
      const name = { 6: "tcp", 17: "udp" }[quoted.u8(6)] as "tcp" | "udp" | undefined;
      const port = quoted.u16(42);
      return name === undefined
        ? `, ${target} protocol ${quoted.u8(6)} port ${port} unreachable`
        : `, ${target} ${name} port ${printing.port(port, name)} unreachable`;
    }
    default:
      return `, unreachable code-#${bytes.u8(1)}`;
  }
}

/** The options behind a message: addresses of the link. */
function options(bytes: Octets, type: number): string {
  let text = "";
  for (let at = type === 133 ? 8 : type === 134 ? 16 : 24; at + 8 <= bytes.length;) {
    const [kind, units] = [bytes.u8(at), bytes.u8(at + 1)];
    if (units === 0) break;
    const name = { 1: "source link-address", 2: "destination link-address", 5: "mtu" }[kind] ?? "unknown";
    const value = kind === 5 ? `  ${bytes.u32(at + 4)}` : bytes.mac(at + 2);
    text += `\n\t  ${name} option (${kind}), length ${units * 8} (${units}): ${value}`;
    at += units * 8;
  }
  return text;
}
