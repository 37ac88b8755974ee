# scores: 5 of 8
# fails: host host-address
# because host: no route to
ip link add "$bridge" type bridge
ip link set "$bridge" up
for ns in "$left" "$right"; do
  ip link add "$ns-br" type veth peer name eth0 netns "$ns"
  ip link set "$ns-br" master "$bridge" up
  ip -n "$ns" link set eth0 up
done
ip -n "$left" addr add "192.168.$net.1/24" dev eth0
ip -n "$right" addr add "192.168.$net.2/24" dev eth0
