# scores: 0 of 7
# fails: left-to-right right-to-left left-end right-end apart
# because left-to-right: no route to
ip netns add "$left"
ip netns add "$right"
ip link add "veth-$left" type veth peer name "veth-$right"
ip link set "veth-$left" up
ip link set "veth-$right" up
ip link set "veth-$left" netns "$left"
ip link set "veth-$right" netns "$right"
ip -n "$left" addr add "192.168.$net.1/24" dev "veth-$left"
ip -n "$right" addr add "192.168.$net.2/24" dev "veth-$right"
