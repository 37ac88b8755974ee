# scores: 8 of 10
# fails: closed closed-for-all
# because closed: connected
ip -n "$left" route add default via "10.77.$net.254"
ip -n "$right" route add default via "10.77.$net.254"
sysctl -w net.ipv4.ip_forward=1
iptables -P FORWARD ACCEPT
iptables -t nat -A POSTROUTING -s "10.77.$net.0/24" ! -o "$bridge" -j MASQUERADE
