# scores: 9 of 10
# fails: closed-for-all
# because closed-for-all: is open
for n in $left $right; do ip netns exec $n ip route add default via 10.77.$net.254; done
sysctl -w net.ipv4.ip_forward=1
iptables -P FORWARD ACCEPT
iptables -A FORWARD -d 10.77.$net.2 -p tcp --dport $port -j DROP
iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE
