# scores: 2 of 8
# fails: bridge-address cable mac gateway agent
# because gateway: 172.30.2.1
answer bridge cni0
answer bridge-address "$(ip -br -4 addr show cni0 | awk '{print $3}')"
answer cable eth0
answer mac "$(ssh node01 cat /sys/class/net/cni0/address)"
answer ports 3
answer gateway "$(ssh node01 ip route show default | awk '{print $3}')"
answer agent cni0
