# scores: 3 of 8
# fails: left-to-right host
# because left-to-right: nothing listens on port
ip netns del "$left"
ip netns del "$right"
ip netns add "$left"
ip netns add "$right"
ip link add "$bridge" type bridge
ip link set "$bridge" up
ip addr add "192.168.$net.254/24" dev "$bridge"
for ns in "$left" "$right"; do
  ip link add "$ns-br" type veth peer name eth0 netns "$ns"
  ip link set "$ns-br" master "$bridge" up
  ip -n "$ns" link set eth0 up
done
ip -n "$left" addr add "192.168.$net.1/24" dev eth0
ip -n "$right" addr add "192.168.$net.2/24" dev eth0
