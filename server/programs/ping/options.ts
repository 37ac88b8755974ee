import type { Flags } from "../options.ts";

/** Options of iputils' ping. */
export const PING_FLAGS = {
  four: { short: "4" },
  six: { short: "6" },
  adaptive: { short: "A" },
  audible: { short: "a" },
  broadcast: { short: "b" },
  bypass: { short: "B" },
  count: { short: "c", arg: "count" },
  difference: { short: "C", simulated: false },
  timestamps: { short: "D" },
  debug: { short: "d" },
  identifier: { short: "e", arg: "identifier" },
  flood: { short: "f" },
  flow: { short: "F", arg: "flowlabel", simulated: false },
  names: { short: "H" },
  help: { short: "h" },
  source: { short: "I", arg: "interface" },
  interval: { short: "i", arg: "interval" },
  suppress: { short: "L" },
  preload: { short: "l", arg: "preload" },
  mark: { short: "m", arg: "mark" },
  discovery: { short: "M", arg: "pmtudisc opt" },
  node: { short: "N", arg: "nodeinfo opt", simulated: false },
  numeric: { short: "n" },
  outstanding: { short: "O" },
  pattern: { short: "p", arg: "pattern" },
  quiet: { short: "q" },
  tos: { short: "Q", arg: "tclass" },
  record: { short: "R", simulated: false },
  direct: { short: "r", simulated: false },
  buffer: { short: "S", arg: "size" },
  size: { short: "s", arg: "size" },
  stamp: { short: "T", arg: "option", simulated: false },
  ttl: { short: "t", arg: "ttl" },
  latency: { short: "U" },
  version: { short: "V" },
  verbose: { short: "v" },
  deadline: { short: "w", arg: "deadline" },
  wait: { short: "W", arg: "timeout" },
  three: { short: "3" },
} as const satisfies Flags;

const USAGE = `
Usage
  ping [options] <destination>

Options:
  <destination>      DNS name or IP address
  -a                 use audible ping
  -A                 use adaptive ping
  -B                 sticky source address
  -c <count>         stop after <count> replies
  -C                 call connect() syscall on socket creation
  -D                 print timestamps
  -d                 use SO_DEBUG socket option
  -e <identifier>    define identifier for ping session, default is random for
                     SOCK_RAW and kernel defined for SOCK_DGRAM
                     Imply using SOCK_RAW (for IPv4 only for identifier 0)
  -f                 flood ping
  -h                 print help and exit
  -H                 force reverse DNS name resolution (useful for numeric
                     destinations or for -f), override -n
  -I <interface>     either interface name or address
  -i <interval>      seconds between sending each packet
  -L                 suppress loopback of multicast packets
  -l <preload>       send <preload> number of packages while waiting replies
  -m <mark>          tag the packets going out
  -M <pmtud opt>     define mtu discovery, can be one of <do|dont|want|probe>
  -n                 no reverse DNS name resolution, override -H
  -O                 report outstanding replies
  -p <pattern>       contents of padding byte
  -q                 quiet output
  -Q <tclass>        use quality of service <tclass> bits
  -s <size>          use <size> as number of data bytes to be sent
  -S <size>          use <size> as SO_SNDBUF socket option value
  -t <ttl>           define time to live
  -U                 print user-to-user latency
  -v                 verbose output
  -V                 print version and exit
  -w <deadline>      reply wait <deadline> in seconds
  -W <timeout>       time to wait for response

IPv4 options:
  -4                 use IPv4
  -b                 allow pinging broadcast
  -R                 record route
  -T <timestamp>     define timestamp, can be one of <tsonly|tsandaddr|tsprespec>

IPv6 options:
  -6                 use IPv6
  -F <flowlabel>     define flow label, default is random
  -N <nodeinfo opt>  use IPv6 node info query, try <help> as argument

For more details see ping(8).
`;

/** The words of 20221126 differ in places. */
export function pingUsage(version: string): string {
  if (version >= "2023") return USAGE;
  return USAGE.replace("DNS name or IP address", "dns name or ip address")
    .replace(/ {2}-H {17}force.*\n.*override -n\n/, "")
    .replace("<do|dont|want|probe>", "<do|dont|want>")
    .replace("no reverse DNS name resolution, override -H", "no dns name resolution")
    .replace("use IPv6 node info", "use icmp6 node info");
}
