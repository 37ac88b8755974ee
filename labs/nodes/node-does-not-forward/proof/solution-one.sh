ssh node01 "sed -i 's/ip_forward = 0/ip_forward = 1/' /etc/sysctl.d/$file.conf"
ssh node01 "echo 1 | sudo tee /proc/sys/net/ipv4/ip_forward"
