import type { Theme } from "../words.ts";
import { BRIDGED4 } from "./begin.ts";

export const links: Theme = {
  world: "bare",
  begin: BRIDGED4,
  words: {
    dev: ["br0", "pa", "pb", "br1", "x0", "x1", "lo", "vx5", "mv0", "nosuch"],
    new: ["x0", "x1", "br1", "vx5", "mv0", "averyveryverylong", "a/b", "lo"],
    mac: ["02:42:00:00:00:77", "aa:bb:cc:00:00:01", "00:11", "ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01", "zz"],
    ns: ["a", "b", "c", "1", "nosuch"],
    mtu: ["1400", "9000", "68", "67", "65536", "1280", "0", "abc"],
    set: [
      "up", "down", "mtu {mtu}", "address {mac}", "name {new}", "netns {ns}", "master {dev}", "nomaster", "promisc on|off|yes",
      "alias something", "alias ''", "arp on|off", "multicast on|off", "allmulticast on|off", "txqueuelen 0|10|x", "group 5|default|foo",
      "dynamic on|off", "qlen 100", "broadcast {mac}", "type bridge stp_state 1", "type bridge ageing_time 100 forward_delay 200",
      "type bridge vlan_filtering 1", "type bridge_slave cost 7 priority 8", "type bridge_slave hairpin on", "type bridge_slave isolated on learning off",
      "type veth", "type foo", "carrier off", "protodown on", "up mtu {mtu}", "master br0 up", "dev br0", "addrgenmode none|eui64|random", "mode default", "numtxqueues 2", "xdp off", "trailers on", "state up", "vf 0 mac {mac}", "gso_max_size 30000",
    ],
    kind: [
      "type bridge", "type veth peer name {new}", "type veth", "type vxlan id 5 dstport 4789", "type vxlan id 5 dev br0 remote 10.0.0.9 dstport 0", "type vxlan id 16777216 dstport 4789", "type vxlan", "type vxlan id 7 local 10.0.0.1 nolearning ttl 5",
      "type macvlan", "type foo", "type ifb", "mtu 1300 type bridge", "up type bridge", "type bridge stp_state 1 vlan_filtering 1", "index 50 type bridge", "index 2 type bridge", "address {mac} type bridge", "txqueuelen 5 type ifb", "type veth peer name {new} netns a", "netns b type bridge", "type veth peer {new}", "master br0 type bridge", "numrxqueues 0 type ifb", "type veth peer name {new} mtu 1200 address {mac}", "type bridge foo",
    ],
    o: ["", "-br", "-o", "-d", "-s", "-j", "-j -p", "-s -s", "-br -d", "-o -s", "-d -j", "-s -j"],
  },
  templates: [
    "ip link|l|li add|a [name|dev] {new} {kind}", "ip link add {new} {kind}", "ip link add link pa|br0|nosuch name mv0 type macvlan [mode bridge|private|foo|passthru]",
    "ip link set|s [dev] {dev} {set}", "ip link set {dev} {set}", "ip link set {dev} {set}", "ip link set {dev} {set} {set}", "ip -n {ns} link set va|vb|lo|x1 {set}", "ip link del|delete|d [dev] {dev} [type bridge|veth]", "ip link replace {new} {kind}", "ip link change {dev} {kind}",
    "ip netns add|a|del|delete {ns}", "ip netns set {ns} 5|auto|x", "ip netns exec {ns} ip -br l", "brctl addbr {new}", "brctl delbr {dev}", "brctl addif {dev} {dev}", "brctl delif {dev} {dev}", "brctl stp {dev} on|off|maybe", "brctl setfd {dev} 3", "brctl setageing|setbridgeprio|sethello|setmaxage {dev} 10", "brctl setpathcost|setportprio {dev} {dev} 10", "brctl hairpin {dev} {dev} on",
    "bridge fdb add|append|replace|del {mac} dev {dev} [master|self] [static|dynamic|permanent] [vlan 5] [dst 10.0.0.7]", "bridge vlan add|del vid 5|10-12|4096|x dev {dev} [pvid] [untagged] [self|master]", "bridge link set dev {dev} [cost 5] [state 0|1|3] [hairpin|guard|learning|flood|isolated on|off] [priority 6]", "bridge mdb add dev br0 port pa grp 239.1.1.1 [permanent|temp]", "ifconfig {dev} up|down|promisc|-promisc|arp|-arp|allmulti|multicast", "ifconfig {dev} mtu {mtu}", "ifconfig {dev} hw ether {mac}", "ifconfig {dev} txqueuelen 50",
    "ip link property add|del dev {dev} altname alt0|{new}", "ip -batch /dev/null", "echo link set {dev} {set} | ip -b -", "printf 'link set {dev} up\\nlink foo\\nlink show lo\\n' | ip [-force] -batch -",
    "ip address|maddress|maddr add|del 33:33:00:00:00:09 dev {dev}", "ethtool -K {dev} tso off|on", "ethtool -s {dev} speed 100",
  ],
  looks: [
    "ip {o} link|l|li", "ip {o} link show|list|ls|sh|lst [dev] {dev}", "ip {o} a s {dev}", "ip {o} link show up", "ip {o} link show master br0|br1|nosuch", "ip {o} link show type bridge|veth|vxlan|foo|bridge_slave", "ip link show group default|5", "ip -n {ns} {o} link", "ip -all netns exec ip -br link", "ip netns [list|list-id|ls]", "brctl show [{dev}]", "brctl showmacs|showstp br0|{dev}", "bridge [-d|-s|-j] link [show dev {dev}]", "bridge [-s|-d|-j] fdb [show] [br br0] [dev {dev}]", "bridge [-j|-d] vlan [show] [dev {dev}]", "bridge mdb", "ifconfig [-a|-s] [{dev}]", "ifconfig -a", "ifconfig {dev}", "netstat -i|-ie|-ia", "ip maddr show [dev {dev}]", "ip -s link show nosuch|br0", "ethtool -i|-k {dev} | head -3", "ethtool {dev}", "ip [-d] -o addr show to 10.0.0.0/8 [up]",
    "ip -d -j link show dev {dev}", "ip -details link show dev {dev}",
  ],
}; // prettier-ignore
