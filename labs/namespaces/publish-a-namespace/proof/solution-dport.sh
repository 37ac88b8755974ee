iptables -t nat -I PREROUTING -i eth0 -p tcp -m tcp --dport "$public" -j DNAT --to "10.88.$net.2:$port"
iptables -t nat -I OUTPUT -p tcp -m tcp -o lo --dport "$public" -j DNAT --to "10.88.$net.2:$port"
iptables -I FORWARD 1 -o "$bridge" -p tcp -m multiport --dports "$port" -j ACCEPT
