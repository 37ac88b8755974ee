# scores: 7 of 10
# fails: outside services
# because outside: is not found
# because services: translates
ssh node01 iptables -t nat -D POSTROUTING 1
ssh node01 iptables -t nat -F KUBE-SERVICES
