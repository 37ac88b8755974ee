ip -n "$left" route add 192.168.0.0/16 via "10.77.$net.254"
ip -n "$right" route add default dev eth0 via "10.77.$net.254"
sysctl net.ipv4.conf.all.forwarding=1
iptables -P FORWARD ACCEPT
iptables -A FORWARD -i eth0 -o "$bridge" -m conntrack --ctstate NEW -j DROP
iptables -t nat -A POSTROUTING -s "10.77.$net.0/24" -j MASQUERADE
