/** golden/worlds/redblue.sh: two named namespaces, joined by a veth. */
export const RED_BLUE_SCRIPT = `
ip netns add red; ip netns add blue
ip link add veth-red address 02:42:c0:a8:0f:01 type veth peer name veth-blue address 02:42:c0:a8:0f:02
ip link set veth-red netns red; ip link set veth-blue netns blue
ip -n red addr add 192.168.15.1/24 dev veth-red; ip -n blue addr add 192.168.15.2/24 dev veth-blue
for n in red blue; do ip -n $n link set lo up; ip -n $n link set veth-$n up; done
`;

/** golden/worlds/v-net.sh: the same two on a bridge. */
export const V_NET_SCRIPT = `
ip link add v-net-0 address 02:42:c0:a8:0f:05 type bridge; ip link set v-net-0 up
i=1; for n in red blue; do ip netns add $n
  ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
  ip link add veth-$n address 02:42:c0:a8:0f:0$i type veth peer name veth-$n-br address 02:42:c0:a8:0f:1$i
  ip link set veth-$n netns $n; ip link set veth-$n-br master v-net-0
  ip -n $n addr add 192.168.15.$i/24 dev veth-$n; ip -n $n link set lo up; ip -n $n link set veth-$n up; ip link set veth-$n-br up
  i=$((i+1)); done
ip addr add 192.168.15.5/24 dev v-net-0
`;
