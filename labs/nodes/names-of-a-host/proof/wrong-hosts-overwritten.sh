# scores: 7 of 9
# fails: nodes
ssh node01 "hostname node01; sed -i 's/^hosts:.*/hosts: files dns/' /etc/nsswitch.conf; ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf; printf '127.0.0.1 localhost\n192.168.100.10 $name\n' > /etc/hosts"
