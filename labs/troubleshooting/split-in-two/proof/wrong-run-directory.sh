# scores: 5 of 7
# fails: lasting
iptables -I INPUT 1 -p udp --dport 8472 -j ACCEPT
ssh node01 "mkdir -p /run/sysctl.d; echo net.ipv4.ip_forward=1 > /run/sysctl.d/zzz.conf; sysctl --system"
