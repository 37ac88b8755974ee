for ns in "$left" "$right"; do ip netns add "$ns"; done
ip link add "veth-$left" netns "$left" type veth peer name "veth-$right" netns "$right"
ip netns exec "$left" ip link set dev "veth-$left" up
ip netns exec "$left" ip address add "192.168.$net.1/24" broadcast + dev "veth-$left"
ip netns exec "$right" ifconfig "veth-$right" "192.168.$net.2" netmask 255.255.255.0 up
