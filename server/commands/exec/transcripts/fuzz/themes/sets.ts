import type { Theme } from "../words.ts";
import { ROUTED } from "./begin.ts";

export const sets: Theme = {
  world: "bare",
  begin: [...ROUTED, "ipset create s1 hash:ip; ipset create n1 hash:net; ipset add s1 10.0.1.2"],
  words: {
    s: ["s1", "n1", "p1", "l1", "m1", "nosuch", "averyveryverylongsetnameforipsets"],
    type: ["hash:ip", "hash:net", "hash:ip,port", "hash:net,port", "hash:ip,mark", "hash:net,iface", "hash:net,net", "hash:ip,port,ip", "list:set", "bitmap:port range 0-1000", "bitmap:ip range 10.0.0.0/24", "bitmap:port", "hash:foo", "bitmap:ip,mac range 10.0.0.0/24"],
    o: ["timeout 100", "counters", "comment", "family inet6", "hashsize 64", "maxelem 2", "netmask 24", "skbinfo", "forceadd", "size 5", "foo", "-exist", "nomatch"],
    e: ["10.0.1.2", "10.0.1.0/24", "10.0.1.0/30", "10.0.1.2,80", "10.0.1.2,tcp:80", "10.0.1.2,udp:53-55", "fd00::1", "02:42:00:00:00:01", "80", "80-82", "10.0.1.5-10.0.1.8", "s1", "n1", "0.0.0.0/0", "foo", "10.0.1.2,http", "10.0.1.0/24,pa", "10.0.1.0/24,10.2.0.0/16", "10.0.1.2,80,10.0.2.2", "10.0.1.2,0x5"],
    eo: ["timeout 50", "comment 'x y'", "packets 5 bytes 6", "nomatch", "-exist", "before s1", "skbmark 0x5", "foo"],
  },
  templates: [
    "ipset create|-N|n|new {s} {type} [{o}] [{o}]", "ipset create p1|m1 {type} [{o}]", "ipset add|-A {s} {e} [{eo}]", "ipset add {s} {e}", "ipset -! add {s} {e}", "ipset del|-D {s} {e} [-exist]", "ipset test|-T {s} {e}", "ipset destroy|-X|x [{s}]", "ipset flush|-F [{s}]", "ipset rename|-E {s} {s}", "ipset swap|-W {s} {s}", "iptables -A FORWARD -m set --match-set {s} src|dst|src,dst|foo -j ACCEPT|DROP", "iptables -A FORWARD -m set ! --match-set n1 src --return-nomatch", "iptables -A FORWARD -j SET --add-set s1 src [--exist] [--timeout 5]", "iptables -D FORWARD 1", "ip netns exec a ping -c 1 -W 1 10.0.2.2", "printf 'create r1 hash:ip\\nadd r1 1.2.3.4\\nadd {s} {e}\\n' | ipset restore [-!]", "ipset foo", "ipset",
  ],
  looks: ["ipset list|-L [{s}] [-t|-n|-s]", "ipset save [{s}]", "ipset -o plain|save|xml|foo list {s}", "ipset list -terse", "ipset -s list {s}", "ipset -n list", "iptables -S FORWARD", "iptables -L FORWARD -v -n", "ipset -t list {s}"],
}; // prettier-ignore
