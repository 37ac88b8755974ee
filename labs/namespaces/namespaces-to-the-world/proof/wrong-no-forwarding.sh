# scores: 0 of 10
# fails: left-out right-out masqueraded masqueraded-too ping-router closed closed-for-all
# because left-out: ip_forward
ip -n "$left" route add default via "10.77.$net.254"
ip -n "$right" route add default via "10.77.$net.254"
iptables -A FORWARD -i "$bridge" -j ACCEPT
iptables -A FORWARD -o "$bridge" -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
iptables -t nat -A POSTROUTING -s "10.77.$net.0/24" ! -o "$bridge" -j MASQUERADE
