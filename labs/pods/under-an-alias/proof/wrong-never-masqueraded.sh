# scores: 8 of 10
# fails: outside
ssh node01 iptables -t nat -I POSTROUTING 1 -s 10.244.0.0/16 -j ACCEPT
