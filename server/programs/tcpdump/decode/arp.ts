import type { Octets, Printing } from "./printing.ts";

/** ARP for IPv4 over Ethernet (print-arp.c). */
export function arp(bytes: Octets, length: number, printing: Printing): string {
  if (bytes.length < 28) return " [|arp]";
  const operation = bytes.u16(6);
  const heading = printing.verbose > 0 ? "Ethernet (len 6), IPv4 (len 4), " : "";
  const [senderMac, sender] = [bytes.mac(8), printing.host(bytes.ipv4(14))];
  const [targetMac, target] = [bytes.mac(18), printing.host(bytes.ipv4(24))];
  const tail = `, length ${length}`;
  switch (operation) {
    case 1: {
      const known = targetMac === "00:00:00:00:00:00" ? "" : ` (${shown(targetMac, printing)})`;
      return `${heading}Request who-has ${target}${known} tell ${sender}${tail}`;
    }
    case 2:
      return `${heading}Reply ${sender} is-at ${shown(senderMac, printing)}${tail}`;
    default:
      return `${heading}Unknown (${operation})${tail}`;
  }
}

function shown(mac: string, { numeric }: Printing): string {
  if (numeric) return mac;
  return mac === "ff:ff:ff:ff:ff:ff" ? "Broadcast" : `${mac} (oui Unknown)`;
}
