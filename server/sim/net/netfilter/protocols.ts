/** Names of IP protocols as iptables and /etc/protocols have them. */
const NAMES: readonly (readonly [number, string])[] = [
  [1, "icmp"],
  [2, "igmp"],
  [4, "ipencap"],
  [6, "tcp"],
  [8, "egp"],
  [17, "udp"],
  [33, "dccp"],
  [41, "ipv6"],
  [47, "gre"],
  [50, "esp"],
  [51, "ah"],
  [58, "ipv6-icmp"],
  [89, "ospf"],
  [94, "ipip"],
  [103, "pim"],
  [112, "vrrp"],
  [132, "sctp"],
  [135, "mobility-header"],
  [136, "udplite"],
];

const BY_NUMBER = new Map(NAMES);
const BY_NAME = new Map([...NAMES.map(([number, name]) => [name, number] as const), ["icmpv6", 58], ["all", 0]] as [
  string,
  number,
][]);

export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;
export const ICMPV6 = 58;
export const SCTP = 132;

export function protocolName(protocol: number): string | undefined {
  return BY_NUMBER.get(protocol);
}

/** A name or a number to 255; undefined for what is neither. */
export function protocolNumber(text: string): number | undefined {
  if (/^\d{1,3}$/.test(text)) return Number(text) <= 255 ? Number(text) : undefined;
  return BY_NAME.get(text.toLowerCase());
}
