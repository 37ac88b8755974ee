import type { Theme } from "../words.ts";
import { ROUTED } from "./begin.ts";

export const routes: Theme = {
  world: "bare",
  begin: ROUTED,
  words: {
    dev: ["pa", "pb", "lo", "nosuch"],
    net: ["default", "10.9.0.0/16", "10.9.1.0/24", "10.0.1.0/24", "10.9.1.5", "10.9.1.5/24", "0/0", "0.0.0.0", "1.2.3", "10/8", "300.1.1.1", "10.0.0.0/33", "224.0.0.0/4", "127.0.0.0/8", "any", "all", "10.9.0.0/255.255.0.0"],
    net6: ["default", "2001:db8::/32", "2001:db8:1::/48", "fd00:1::/64", "2001:db8::5", "::/0", "fd00::1::2", "2001:db8::/129", "fe80::/64", "ff00::/8", "2001:db8::5/64"],
    via: ["10.0.1.2", "10.0.2.2", "10.0.1.77", "10.0.1.1", "192.168.9.9", "inet6 fd00:1::2", "inet6 fe80::2", "0.0.0.0", "10.0.1.255", "foo", "127.0.0.1"],
    via6: ["fd00:1::2", "fd00:2::2", "fe80::42:aff:fe00:102", "fd00:1::1", "2001:db8:9::1", "::", "10.0.1.2", "foo"],
    host: ["10.0.1.2", "10.0.2.2", "10.9.1.5", "10.0.1.1", "8.8.8.8", "127.0.0.1", "10.0.1.255", "255.255.255.255", "224.0.0.1", "0.0.0.0", "10.9.1.0/24", "foo", "10.0.1.0"],
    host6: ["fd00:1::2", "fd00:2::2", "2001:db8::5", "2001:db8:1::1", "::1", "fe80::1", "ff02::1", "fd00:1::1"],
    table: ["100", "main", "local", "default", "200", "all", "0", "foo", "4294967295", "cache"],
    opt: ["metric 5|10|0|x", "table {table}", "proto static|kernel|boot|7|foo|bird", "scope link|host|global|nowhere|200|foo", "src 10.0.1.1|10.0.2.1|1.2.3.4", "onlink", "mtu 1400|lock|x", "mtu lock 1300", "advmss 1000", "tos 0x10|8|foo", "dev {dev}", "initcwnd 10", "rtt 100ms", "window 5", "realm 5", "pref high|low", "expires 100", "hoplimit 5", "congctl cubic|foo", "quickack 1", "nexthop via 10.0.1.2", "nhid 3", "features ecn"],
    kind: ["", "", "", "unicast", "blackhole", "prohibit", "unreachable", "throw", "local", "broadcast", "nat", "multicast", "anycast"],
    verb: ["add|a|append|replace|change|prepend|chg|del|d|delete|test|appe", "add", "add", "replace", "del"],
    o: ["", "", "-d", "-j", "-j -p", "-o", "-s", "-N", "-br", "-4", "-c=never", "-details -o"],
    sel: ["from 10.0.1.0/24", "to 10.9.0.0/16", "fwmark 5|0x6/0xff|x", "iif pa|lo|nosuch", "oif pb", "tos 0x10|8", "not from 10.0.2.2", "ipproto tcp|udp|icmp|300", "dport 80|1-5|5-1", "sport 99", "from all", "uidrange 0-10|5", "from 10.0.1.5/24", "from foo", "to default", ""],
    act: ["table 100|200|main|foo|0|default", "lookup 100", "blackhole", "prohibit", "unreachable", "goto 32766|200|5", "nop", "suppress_prefixlength 0|33", "nat 1.2.3.4", "realms 5", "", "protocol static", "table 100 suppress_ifgroup 3"],
    pref: ["100", "200", "32766", "0", "-1", "4294967296", "x", "50"],
  },
  templates: [
    "ip route|r|ro|rout {verb} {kind} {net} [via {via}] [dev {dev}] [{opt}] [{opt}]", "ip route {verb} {net} via {via} [dev {dev}] [{opt}]", "ip route {verb} {net} dev {dev} [{opt}] [{opt}]", "ip route add {net} via 10.0.1.2|10.0.2.2 [{opt}]", "ip route del|delete {net} [{opt}]", "ip route add|replace|append {net} nexthop via 10.0.1.2 [dev pa] weight 1|2|256|0 nexthop via 10.0.2.2 [weight 3] [onlink] [dev pb]",
    "ip -6 route {verb} {kind} {net6} [via {via6}] [dev {dev}] [{opt}]", "ip -6 route {verb} {net6} via {via6} [dev {dev}] [{opt}]", "ip -6 route del {net6} [{opt}]", "ip -6 route add|append|replace {net6} nexthop via fd00:1::2 [weight 2] nexthop via fd00:2::2 [dev pb]", "ip route {verb} {net6} [via {via6}] [dev {dev}]",
    "ip route flush [table {table}] [{net}] [proto static|boot] [dev {dev}] [scope link]", "ip route flush cache", "ip rule {verb} {sel} [{sel}] {act} [pref|priority|order|preference {pref}]", "ip rule add {sel} {act} pref {pref}", "ip rule del pref {pref}", "ip [-6] rule add|del from fd00:1::/64 {act}", "ip rule flush",
    "ip nexthop|nh add|replace id 3|4|0 via 10.0.1.2|10.0.2.2|10.7.7.7 dev pa|pb", "ip nexthop add id 9 group 3/4,1|3,2|99", "ip nexthop del id 3|9|77", "ip nexthop add id 5 blackhole", "ip route {verb} {net} nhid 3|9|5|77",
    "route add|del default gw {host} [{dev}]", "route add|del -net 10.9.0.0/16|10.9.0.0|10.9.1.0/24 [netmask 255.255.0.0|255.0.255.0] [gw {host}] [dev {dev}] [metric 3] [reject]", "route add|del -host {host} [gw 10.0.1.2] [dev {dev}]", "route -A inet6 add|del {net6} gw {via6} [dev {dev}]", "route add {net} reject", "ip link set {dev} down|up", "ip addr add|del 10.0.3.1/24|10.0.1.1/24|10.0.1.9/24|10.9.1.5/32 dev {dev}", "printf 'route add {net} via 10.0.1.2\\nroute add {net} dev pb\\nroute get 10.9.1.5\\n' | ip [-force] -b -",
    "sysctl -w net.ipv4.conf.pa.rp_filter|net.ipv4.ip_forward|net.ipv4.conf.all.forwarding|net.ipv4.conf.pa.ignore_routes_with_linkdown|net.ipv6.conf.all.forwarding=0|1",
  ],
  looks: [
    "ip {o} route|r|ro", "ip {o} route show|list|ls|sh|lst [table {table}]", "ip {o} route show [{net}] [dev {dev}] [proto static|boot|kernel] [scope link|global] [via 10.0.1.2] [type blackhole|unicast]", "ip route show match|root|exact {net}", "ip {o} route show to {net}", "ip {o} route get {host}", "ip {o} route get {host} [from 10.0.1.2|10.0.2.1|10.0.1.1] [iif pa|lo] [oif {dev}] [mark 5]", "ip route get {host} from 10.0.1.2 iif pa|pb", "ip route get fibmatch {host}", "ip route get to {host} dev {dev} tos 0x10 ipproto tcp dport 80", "ip [-6] {o} route get {host6} [from fd00:1::1] [iif pa] [oif {dev}]", "ip -6 {o} route [show] [table {table}] [dev {dev}]", "ip -6 route show {net6}", "ip [-6] {o} rule [show|list] [{sel}]", "ip rule show table 100|main", "ip nexthop [show] [id 3|9] [dev pa]", "ip -j nexthop", "route [-n|-e|-ee|-v|-F|-C]", "route -n -A inet6", "route -6n", "netstat -r|-rn|-ren|-6rn", "ip netns exec a ping -c 1 -W 1 -n {host}", "ping -c 1 -W 1 {host}", "ping -6 -c 1 -W 1 {host6}", "cat /proc/net/route", "ip -4 -o route show table all", "ip -all netns exec ip r", "ip route get 10.0.1.2 uid 0", "ip -6 rule", "ip route list table all type local",
  ],
}; // prettier-ignore
