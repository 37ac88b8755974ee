# scores: 7 of 10
# fails: right-out masqueraded-too
# because right-out: no route to 192.168.56.20
ip -n "$left" route add default via "10.77.$net.254"
sysctl -w net.ipv4.ip_forward=1
iptables -A FORWARD -i "$bridge" -j ACCEPT
iptables -A FORWARD -o "$bridge" -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
iptables -t nat -A POSTROUTING -s "10.77.$net.0/24" ! -o "$bridge" -j MASQUERADE
