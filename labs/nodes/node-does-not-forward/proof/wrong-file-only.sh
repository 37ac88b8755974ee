# scores: 4 of 10
# fails: out in
# because out: name server 10.96.0.10 does not answer
# because in: net.ipv4.ip_forward
ssh node01 "sed -i 's/ip_forward = 0/ip_forward = 1/' /etc/sysctl.d/$file.conf"
