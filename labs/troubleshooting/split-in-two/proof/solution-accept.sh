iptables -I INPUT 1 -p udp --dport 8472 -s 172.30.2.2 -j ACCEPT
ssh node01
sed -i 's/ip_forward = 0/ip_forward = 1/' /etc/sysctl.d/zz-hardening.conf
sysctl -p /etc/sysctl.d/zz-hardening.conf
exit
