# scores: 3 of 7
# fails: right-to-left right-end apart
# because right-to-left: linux has no network namespace
# because apart: connected
ip netns add "$left"
ip link add "veth-$left" type veth peer name "veth-$right"
ip link set "veth-$left" netns "$left"
ip -n "$left" addr add "192.168.$net.1/24" dev "veth-$left"
ip -n "$left" link set "veth-$left" up
ip addr add "192.168.$net.2/24" dev "veth-$right"
ip link set "veth-$right" up
