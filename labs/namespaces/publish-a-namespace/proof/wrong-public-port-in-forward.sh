# scores: 2 of 10
# fails: outside own-address ssh admin-hidden
# because outside: FORWARD
iptables -t nat -A PREROUTING -p tcp -d 192.168.56.11 --dport "$public" -j DNAT --to-destination "10.88.$net.2:$port"
iptables -t nat -A OUTPUT -p tcp -d 192.168.56.11 --dport "$public" -j DNAT --to-destination "10.88.$net.2:$port"
iptables -A FORWARD -i eth0 -p tcp --dport "$public" -j ACCEPT
