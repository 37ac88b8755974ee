ssh node01
iptables -t nat -S POSTROUTING
iptables -t nat -I POSTROUTING 1 -s 10.244.0.0/16 -d 10.244.0.0/16 -j RETURN
exit
