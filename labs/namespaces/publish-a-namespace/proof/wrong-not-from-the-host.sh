# scores: 8 of 10
# fails: host
# because host: nothing listens on port
iptables -t nat -A PREROUTING -p tcp --dport "$public" -j DNAT --to-destination "10.88.$net.2:$port"
iptables -A FORWARD -p tcp -d "10.88.$net.2" --dport "$port" -j ACCEPT
