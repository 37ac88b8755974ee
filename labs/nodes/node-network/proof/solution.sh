answer bridge "$(ssh node01 ip -o link show type bridge | awk -F': ' '{print $2}')"
answer mac "$(ssh node01 cat /sys/class/net/eth0/address)"
answer busier 2379
answer gateway "$(ssh node01 ip route show default | awk '{print $3}')"
answer scheduler "$(netstat -nplt | grep kube-scheduler | awk '{print $4}' | cut -d: -f2)"
