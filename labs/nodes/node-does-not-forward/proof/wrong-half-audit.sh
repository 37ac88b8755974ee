# scores: 9 of 10
# fails: audit-kept
ssh node01 "printf 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.send_redirects = 0\n' > /etc/sysctl.d/$file.conf; sysctl --system"
