n=$(iptables -L INPUT --line-numbers -n | awk '/8472/{print $1}'); iptables -D INPUT $n
iptables -D INPUT -s 203.0.113.0/24 -p tcp --dport 22 -m comment --comment 'no logins from the uplink' -j DROP
iptables -I INPUT -s 203.0.113.0/24 -p tcp --dport ssh -j DROP
ssh node01 "sed -i 's/ip_forward.*/ip_forward = 1/' /etc/sysctl.d/zz-hardening.conf; sysctl --system"
