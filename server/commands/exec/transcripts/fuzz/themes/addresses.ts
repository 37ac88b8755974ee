import type { Theme } from "../words.ts";
import { BRIDGED } from "./begin.ts";

export const addresses: Theme = {
  world: "bare",
  begin: BRIDGED,
  words: {
    dev: ["br0", "pa", "pb", "lo", "nosuch"],
    ip: ["10.1.0.1/24", "10.1.0.2/24", "10.1.0.3/16", "10.0.0.1/24", "10.1.0.1", "10.1.0.1/33", "10.1.0.1/255.255.255.0", "10.1.0.256", "127.0.0.2/8", "224.0.0.5/24", "0.0.0.0/0", "10.1/16", "fd00:5::1/64", "fd00:5::2", "fe80::7/64", "::1/128", "fd00:5::1/129", "foo", "10.1.0.0/24", "10.1.0.255/24", "255.255.255.255", "169.254.1.1/16", "10.2.0.1/31", "10.3.0.1/32"],
    lab: ["label {dev}:1", "label {dev}:x", "label foo", "label averyveryverylonglabel", "brd +", "brd -", "brd 10.1.0.255", "broadcast 10.1.0.7", "brd foo", "scope link", "scope host", "scope 50|foo|global", "valid_lft 300|forever|0 preferred_lft 200|forever|400", "valid_lft 1000", "preferred_lft 0", "nodad", "home", "mngtmpaddr", "noprefixroute", "metric 7", "peer 10.4.0.2|10.4.0.2/24", "anycast 10.1.0.9", "autojoin", "proto 5", "dev {dev}", "secondary", "to 10.1.0.0/16"],
    o: ["", "-br", "-o", "-d", "-s", "-j", "-j -p", "-4", "-6", "-4 -br", "-6 -o", "-o -4 -d", "-c=always", "-N"],
    mac: ["02:42:00:00:00:77", "aa:bb:cc:00:00:01", "00:11", "ff:ff:ff:ff:ff:ff", "zz", "00:00:00:00:00:00"],
    nip: ["10.0.0.7", "10.0.0.2", "10.0.0.8", "fd00::7", "192.168.1.1", "foo", "224.0.0.9", "10.0.0.255", "10.0.0.1"],
    nud: ["permanent", "reachable", "stale", "noarp", "none", "failed", "delay", "probe", "incomplete", "foo"],
    filt: ["dev {dev}", "up", "permanent", "dynamic", "secondary", "primary", "scope global", "scope link|host|foo", "label br0", "label br0:*", "to 10.1.0.0/16", "type bridge|veth", "master br0", "-tentative", "tentative", "deprecated", "vrf foo", "nosuch"],
  },
  templates: [
    "ip address|addr|a|ad|addre add|a {ip} dev {dev} [{lab}] [{lab}]", "ip addr add {ip} dev {dev} [{lab}]", "ip addr add {ip} [{lab}] dev br0", "ip addr add {ip} {dev}", "ip addr add dev {dev} [local] {ip} [peer {ip}]", "ip addr del|delete|d {ip} dev {dev} [{lab}]", "ip addr del {ip} dev br0", "ip addr change|chg|replace|repl {ip} dev {dev} [{lab}]", "ip -4|-6 addr add {ip} dev {dev}", "ip [-4|-6] addr flush|f [{filt}] [{filt}]", "ip addr flush dev {dev} [{filt}]",
    "ip neighbour|neigh|n|nei|neighbor add|a|replace|change|del|d|append {nip} [lladdr {mac}] dev {dev} [nud {nud}] [router] [extern_learn] [use]", "ip neigh add|replace {nip} lladdr {mac} dev br0 [nud {nud}]", "ip neigh del {nip} dev br0", "ip neigh add|del proxy {nip} dev {dev}", "ip neigh flush [dev {dev}] [all] [nud {nud}] [to 10.0.0.0/24] [{nip}]", "arp -s {nip} {mac} [temp|pub|foo] [-i br0]", "arp -d {nip} [-i {dev}] [pub]", "arp -i {dev} -s {nip} {mac}", "ping -c 1 -W 1 10.0.0.2|10.0.0.3|10.1.0.2", "ip netns exec a ping -c 1 -W 1 10.0.0.1|10.0.0.3|10.1.0.1|10.0.0.9", "ifconfig {dev} {ip} [netmask 255.255.255.0|255.0.255.0|foo] [broadcast 10.1.0.255] [up|down]", "ifconfig {dev}:1|{dev}:x {ip} [up|down]", "ifconfig {dev}:1 down", "ifconfig {dev} add|del fd00:6::1/64|fd00:6::1|10.7.7.7", "ifconfig {dev} inet6 add fd00:7::1/64", "ifconfig {dev} dstaddr|pointopoint 10.1.0.9", "ifconfig {dev} 0", "ip link set {dev} up|down", "sysctl -w net.ipv6.conf.{dev}.disable_ipv6=0|1|x", "sysctl -w net.ipv4.conf.{dev}.promote_secondaries=1", "sysctl net.ipv4.conf.{dev}.promote_secondaries|net.ipv4.neigh.{dev}.gc_stale_time|net.ipv4.nosuch", "sysctl -w net.ipv4.neigh.{dev}.mcast_solicit=x|5 -a", "sysctl -n|-e|-q net.ipv4.ip_forward|net.ipv4.nosuch", "sysctl -w net.ipv4.ip_forward", "sysctl net.ipv4.ip_forward=1|2|-1|foo",
  ],
  looks: [
    "ip {o} address|addr|a", "ip {o} addr show|list|ls|s [dev {dev}]", "ip {o} addr show {filt} [{filt}]", "ip {o} a s br0", "ip {o} route [show table local]", "ip -6 {o} route", "ip {o} neigh [show]", "ip {o} neigh show|list [dev {dev}] [nud {nud}] [{nip}] [proxy]", "ip neigh get {nip} dev {dev}", "ip -s-s neigh | cut -d' ' -f1-5", "arp [-n|-a|-e|-an|-v|-i\\ br0|-D] [{nip}]", "arp -n|-a|-e|-an", "ifconfig [-a] [{dev}] | grep -v 'packets\\|errors\\|inet6'", "ifconfig br0:1", "ip netns exec a ip {o} addr|neigh", "ip -6 neigh show proxy", "hostname -I", "ip ntable show dev {dev} name arp_cache | head -3", "cat /proc/net/if_inet6 | sort", "cat /proc/net/arp", "ip addrlabel [list]", "ip maddr show dev {dev}", "ip netconf show dev {dev}",
  ],
}; // prettier-ignore
