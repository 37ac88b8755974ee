ssh node01 iptables -t nat -D POSTROUTING 1
