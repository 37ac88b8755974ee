# scores: 5 of 7
# fails: left-end right-end
# because left-end: nothing
# because right-end: nothing
ip netns add "$left"
ip netns add "$right"
ip link add veth0 netns "$left" type veth peer name veth1 netns "$right"
ip -n "$left" addr add "192.168.$net.1/24" dev veth0
ip -n "$right" addr add "192.168.$net.2/24" dev veth1
ip -n "$left" link set veth0 up
ip -n "$right" link set veth1 up
