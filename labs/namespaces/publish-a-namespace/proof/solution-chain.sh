iptables -t nat -N PUBLISH
iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j PUBLISH
iptables -t nat -A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j PUBLISH
iptables -t nat -A PUBLISH ! -i "$bridge" -p tcp --dport "$public" -j DNAT --to-destination "10.88.$net.2:$port"
iptables -I FORWARD ! -i "$bridge" -o "$bridge" -m conntrack --ctstate DNAT -j ACCEPT
