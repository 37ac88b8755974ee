# scores: 4 of 9
# fails: internet nodes
ssh node01 "hostname node01; sed -i 's/^192.168.100.99 /192.168.100.10 /' /etc/hosts; sed -i 's/^hosts:.*/hosts: files dns/' /etc/nsswitch.conf"
