ssh node01
hostname node01
sed -i '/192.168.100.99/d' /etc/hosts
echo '192.168.100.10 registry mirror backup' >> /etc/hosts
echo 'nameserver 1.1.1.1' > /etc/resolv.conf
sed -i 's/^hosts: files$/& dns/' /etc/nsswitch.conf
exit
