brctl addbr "$bridge"
ifconfig "$bridge" "192.168.$net.254" netmask 255.255.255.0 up
i=0
for ns in "$left" "$right"; do
  i=$((i + 1))
  ip link add name "port$i" type veth peer name eth0 netns "$ns"
  brctl addif "$bridge" "port$i"
  ifconfig "port$i" up
  ip netns exec "$ns" ip addr add "192.168.$net.$i/24" dev eth0
  ip netns exec "$ns" ip link set eth0 up
done
