# scores: 0 of 7
# fails: across lasting guard kept
# because across: controlplane
ssh node01 'rm /etc/sysctl.d/zz-hardening.conf; sysctl -w net.ipv4.ip_forward=1'
