# scores: 6 of 10
# fails: lasting audit-kept
# because lasting: "0"
ssh node01 "echo 'net.ipv4.ip_forward = 1' > /etc/sysctl.d/10-kubernetes.conf; sysctl -p /etc/sysctl.d/10-kubernetes.conf"
