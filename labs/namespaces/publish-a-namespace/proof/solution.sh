iptables -t nat -A PREROUTING -p tcp -d 192.168.56.11 --dport "$public" -j DNAT --to-destination "10.88.$net.2:$port"
iptables -t nat -A OUTPUT -p tcp -d 192.168.56.11 --dport "$public" -j DNAT --to-destination "10.88.$net.2:$port"
iptables -A FORWARD -i eth0 -p tcp -d "10.88.$net.2" --dport "$port" -j ACCEPT
ssh outside curl -sS -m 2 "192.168.56.11:$public"
iptables -t nat -L -nv
