for ns in "$left" "$right"; do ip netns exec "$ns" ip route add 0.0.0.0/0 via "10.77.$net.254" dev eth0; done
echo 1 | sudo tee /proc/sys/net/ipv4/ip_forward
iptables -I FORWARD -s "10.77.$net.0/24" -j ACCEPT
iptables -I FORWARD -m state --state ESTABLISHED -j ACCEPT
iptables -t nat -I POSTROUTING -o eth0 -j SNAT --to-source 192.168.56.11
