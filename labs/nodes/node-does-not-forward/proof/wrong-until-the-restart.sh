# scores: 6 of 10
# fails: lasting audit-kept
# because lasting: "0"
ssh node01 sysctl -w net.ipv4.ip_forward=1
