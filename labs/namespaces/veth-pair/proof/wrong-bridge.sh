# scores: 6 of 7
# fails: apart
# because apart: connected
ip link add br0 type bridge
ip link set br0 up
ip addr add "192.168.$net.254/24" dev br0
for ns in "$left" "$right"; do ip netns add "$ns"; ip link add "veth-$ns" type veth peer name "$ns-br"; ip link set "veth-$ns" netns "$ns"; ip link set "$ns-br" master br0 up; ip -n "$ns" link set "veth-$ns" up; done
ip -n "$left" addr add "192.168.$net.1/24" dev "veth-$left"
ip -n "$right" addr add "192.168.$net.2/24" dev "veth-$right"
