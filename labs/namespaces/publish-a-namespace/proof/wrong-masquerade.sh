# scores: 8 of 10
# fails: own-address
# because own-address: 10.88.
iptables -t nat -A PREROUTING -p tcp -d 192.168.56.11 --dport "$public" -j DNAT --to-destination "10.88.$net.2:$port"
iptables -t nat -A OUTPUT -p tcp -d 192.168.56.11 --dport "$public" -j DNAT --to-destination "10.88.$net.2:$port"
iptables -A FORWARD -p tcp -d "10.88.$net.2" --dport "$port" -j ACCEPT
iptables -t nat -A POSTROUTING -o "$bridge" -j MASQUERADE
