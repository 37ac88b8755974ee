ssh node01
sysctl net.ipv4.ip_forward
grep -r ip_forward /etc/sysctl.conf /etc/sysctl.d
sed -i '/ip_forward/d' "/etc/sysctl.d/$(basename $(grep -l audit /etc/sysctl.d/*))"
sysctl --system
exit
