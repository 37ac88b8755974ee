# scores: 9 of 10
# fails: masqueraded-too
for n in $left $right; do ip netns exec $n ip route add default via 10.77.$net.254; done
sysctl -w net.ipv4.ip_forward=1
iptables -A FORWARD -i $bridge -j ACCEPT
iptables -A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
iptables -t nat -A POSTROUTING -s 10.77.$net.1 -j MASQUERADE
