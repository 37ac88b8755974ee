# scores: 0 of 7
# fails: across lasting guard kept
# because across: node01
iptables -D INPUT -p udp -m udp --dport 8472 -m comment --comment "closed by the audit" -j DROP
