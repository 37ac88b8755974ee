ssh node01 'hostname node01'
ssh node01 "sed -i '/192.168.100.99/s/192.168.100.99.*/192.168.100.10\t$name/' /etc/hosts"
ssh node01 "sed -i 's/^hosts:.*/hosts:          files mdns4_minimal [NOTFOUND=return] dns/' /etc/nsswitch.conf; rm /etc/resolv.conf; ln -s /run/systemd/resolve/resolv.conf /etc/resolv.conf"
