# scores: 0 of 9
# fails: first second everywhere services internet
# because first: knows no
echo "192.168.50.$a $first.$zone" >> /etc/hosts
echo "192.168.50.$b $second.$zone" >> /etc/hosts
ssh node01 "echo '192.168.50.$a $first.$zone' >> /etc/hosts"
