ssh node01
answer bridge "$(ip address show type bridge | awk -F': ' '/^[0-9]/ {print $2}')"
answer mac "$(ip link show eth0 | awk '/link\/ether/ {print toupper($2)}')"
answer gateway "$(ip route | awk '/^default/ {print $3}')/24"
exit
netstat -anp | awk '/etcd/ && /ESTABLISHED/ {split($4, local, ":"); print local[2]}' | sort | uniq -c | sort -rn
answer busier "$(netstat -anp | awk '/etcd/ && /ESTABLISHED/ {split($4, local, ":"); print local[2]}' | grep -x -e 2379 -e 2380 | sort | uniq -c | sort -rn | awk 'NR == 1 {print $2}')"
answer scheduler "$(ss -tlnp | awk '/kube-scheduler/ {split($4, local, ":"); print local[2]}')"
