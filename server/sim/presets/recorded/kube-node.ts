/** golden/worlds/kube-node.sh, but for the rules: a flannel node with two Pods. */
export const KUBE_NODE_SCRIPT = `
sysctl -qw net.ipv4.ip_forward=1
ip link add flannel.1 address 02:42:0a:f4:00:00 type vxlan id 1 local 192.168.56.11 dev eth0 dstport 8472 nolearning
ip addr add 10.244.0.0/32 dev flannel.1; ip link set flannel.1 mtu 1450 up
ip route add 10.244.1.0/24 via 10.244.1.0 dev flannel.1 onlink
ip neigh add 10.244.1.0 lladdr 02:42:0a:f4:01:00 dev flannel.1 nud permanent
bridge fdb append 02:42:0a:f4:01:00 dev flannel.1 dst 192.168.56.12
ip link add cni0 address 02:42:0a:f4:00:01 type bridge; ip link set cni0 mtu 1450 up; ip addr add 10.244.0.1/24 brd + dev cni0
i=2; for n in cni-0a1b2c3d-1111-4222-8333-444455556666 cni-9f8e7d6c-aaaa-4bbb-8ccc-ddddeeeeffff; do ip netns add $n
  ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
  h=veth$(printf %08x $((0x5a3c1e00 + i)))
  ip link add $h address 02:42:00:00:01:0$i type veth peer name tmpb address 02:42:0a:f4:00:0$i
  ip link set tmpb netns $n name eth0; ip link set $h mtu 1450 master cni0 up
  ip -n $n link set lo up; ip -n $n link set eth0 mtu 1450 up; ip -n $n addr add 10.244.0.$i/24 brd + dev eth0; ip -n $n route add default via 10.244.0.1
  i=$((i+1)); done
sleep 4
`;
