# scores: 9 of 10
# fails: admin-hidden
# because admin-hidden: connected
iptables -t nat -A PREROUTING -p tcp -d 192.168.56.11 --dport "$public" -j DNAT --to-destination "10.88.$net.2:$port"
iptables -t nat -A OUTPUT -p tcp -d 192.168.56.11 --dport "$public" -j DNAT --to-destination "10.88.$net.2:$port"
iptables -P FORWARD ACCEPT
