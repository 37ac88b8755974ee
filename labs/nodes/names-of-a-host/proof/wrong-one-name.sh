# scores: 4 of 9
# fails: internet nodes
# because internet: kubernetes.io is not found
ssh node01 "hostnamectl set-hostname node01; sed -i 's/192.168.100.99/192.168.100.10/' /etc/hosts; echo 140.82.121.3 github.com >> /etc/hosts"
