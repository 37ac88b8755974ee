ssh node01 "iptables-save -t nat | sed '/POSTROUTING.*10.244.1.0/s/ -j MASQUERADE/ ! -d 10.244.0.0\/16 -j MASQUERADE/' > /tmp/rules"
ssh node01 "sed -i '/POSTROUTING.*! -d/{s/ ! -d 10.244.0.0.16 -j/ -j/;s/-A POSTROUTING/-A POSTROUTING ! -d 10.244.0.0\/16/}' /tmp/rules; iptables-restore -T nat < /tmp/rules"
