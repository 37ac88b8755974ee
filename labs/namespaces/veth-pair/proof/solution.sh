ip netns add "$left"
ip netns add "$right"
ip link add "veth-$left" type veth peer name "veth-$right"
ip link set "veth-$left" netns "$left"
ip link set "veth-$right" netns "$right"
ip -n "$left" addr add "192.168.$net.1/24" dev "veth-$left"
ip -n "$right" addr add "192.168.$net.2/24" dev "veth-$right"
ip -n "$left" link set "veth-$left" up
ip -n "$right" link set "veth-$right" up
