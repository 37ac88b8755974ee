# scores: 9 of 10
# fails: audit-kept
# because audit-kept: send_redirects = 1
ssh node01 "rm /etc/sysctl.d/$file.conf; sysctl --system"
