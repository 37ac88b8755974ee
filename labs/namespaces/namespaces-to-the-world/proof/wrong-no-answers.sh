# scores: 0 of 10
# fails: left-out right-out masqueraded masqueraded-too ping-router closed closed-for-all
# because left-out: FORWARD
ip -n "$left" route add default via "10.77.$net.254"
ip -n "$right" route add default via "10.77.$net.254"
sysctl -w net.ipv4.ip_forward=1
iptables -A FORWARD -i "$bridge" -j ACCEPT
iptables -t nat -A POSTROUTING -s "10.77.$net.0/24" ! -o "$bridge" -j MASQUERADE
