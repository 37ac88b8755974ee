ssh node01 "echo 'net.ipv4.ip_forward = 1' > /etc/sysctl.d/zzz-kubernetes.conf; sysctl -p /etc/sysctl.d/zzz-kubernetes.conf"
