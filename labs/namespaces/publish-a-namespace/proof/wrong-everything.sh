# scores: 9 of 10
# fails: ssh
# because ssh: no ssh server answers
iptables -t nat -A PREROUTING -p tcp -d 192.168.56.11 -j DNAT --to-destination "10.88.$net.2"
iptables -t nat -I PREROUTING -p tcp --dport "$public" -j DNAT --to-destination "10.88.$net.2:$port"
iptables -t nat -A OUTPUT -p tcp -d 192.168.56.11 --dport "$public" -j DNAT --to-destination "10.88.$net.2:$port"
iptables -A FORWARD -p tcp -d "10.88.$net.2" ! --dport 9000 -j ACCEPT
