# scores: 5 of 7
# fails: lasting
# because lasting: 0
iptables -D INPUT -p udp -m udp --dport 8472 -m comment --comment "closed by the audit" -j DROP
ssh node01 'sysctl -w net.ipv4.ip_forward=1'
