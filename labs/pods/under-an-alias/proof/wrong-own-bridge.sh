# scores: 9 of 10
# fails: others
ssh node01 iptables -t nat -D POSTROUTING 1
iptables -t nat -I POSTROUTING 1 -s 10.244.0.0/24 -j MASQUERADE
