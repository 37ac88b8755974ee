# scores: 7 of 10
# fails: masqueraded masqueraded-too ping-router
# because masqueraded: 10.77.
ip -n "$left" route add default via "10.77.$net.254"
ip -n "$right" route add default via "10.77.$net.254"
sysctl -w net.ipv4.ip_forward=1
iptables -A FORWARD -i "$bridge" -j ACCEPT
iptables -A FORWARD -o "$bridge" -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
