ip link add "$bridge" type bridge
ip addr add "192.168.$net.254/24" dev "$bridge"
ip link set "$bridge" up
ip link add "veth-$left" type veth peer name "$left-br"
ip link add "veth-$right" type veth peer name "$right-br"
ip link set "veth-$left" netns "$left"
ip link set "veth-$right" netns "$right"
ip link set "$left-br" master "$bridge"
ip link set "$right-br" master "$bridge"
ip link set "$left-br" up
ip link set "$right-br" up
ip -n "$left" addr add "192.168.$net.1/24" dev "veth-$left"
ip -n "$right" addr add "192.168.$net.2/24" dev "veth-$right"
ip -n "$left" link set "veth-$left" up
ip -n "$right" link set "veth-$right" up
