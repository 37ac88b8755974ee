# scores: 5 of 9
# fails: own-name static-name
# because static-name: 192.168.100.99
ssh node01 "echo '192.168.100.10 $name' >> /etc/hosts; sed -i 's/^hosts:.*/hosts: files dns/' /etc/nsswitch.conf; ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf; echo node01 > /etc/hostname"
