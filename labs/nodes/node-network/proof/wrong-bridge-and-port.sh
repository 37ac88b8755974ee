# scores: 3 of 5
# fails: bridge scheduler
answer bridge flannel.1
answer mac "$(ssh node01 cat /sys/class/net/eth0/address)"
answer busier 2379
answer gateway "$(ssh node01 ip route show default | awk '{print $3}')"
answer scheduler 10257
