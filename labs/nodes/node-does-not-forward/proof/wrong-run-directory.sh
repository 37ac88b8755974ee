# scores: 6 of 10
# fails: lasting audit-kept
ssh node01 "echo net.ipv4.ip_forward=1 > /run/sysctl.d/zzz.conf || (mkdir -p /run/sysctl.d; echo net.ipv4.ip_forward=1 > /run/sysctl.d/zzz.conf); sysctl --system"
