# scores: 2 of 5
# fails: mac gateway busier
answer bridge cni0
answer mac "$(cat /sys/class/net/eth0/address)"
answer busier 2380
answer gateway "$(ip route show default | awk '{print $3}')"
answer scheduler 10259
