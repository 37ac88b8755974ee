ssh node01 iptables -t nat -F POSTROUTING
sleep 60
