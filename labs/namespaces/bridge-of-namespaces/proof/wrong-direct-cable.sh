# scores: 4 of 8
# fails: bridge-up host host-address
ip link add veth0 netns "$left" type veth peer name veth0 netns "$right"
ip -n "$left" addr add "192.168.$net.1/24" dev veth0
ip -n "$right" addr add "192.168.$net.2/24" dev veth0
ip -n "$left" link set veth0 up
ip -n "$right" link set veth0 up
