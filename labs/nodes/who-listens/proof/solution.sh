netstat -nplt
answer scheduler "$(netstat -nplt | awk '/kube-scheduler/ {print $4}')"
answer on-10257 kube-controller-manager
answer etcd-clients "$(netstat -anp | awk '/etcd/ && /ESTABLISHED/ {split($4, a, ":"); print a[2]}' | sort | uniq -c | sort -rn | awk '$2 ~ /^23/ {print $2; exit}')"
answer etcd-peers "$(netstat -anp | grep 2380 | grep -c ESTABLISHED)"
answer etcd-metrics 2381
answer kubelet "$(ssh node01 netstat -nplt | awk '/kubelet/ && /:::/ {sub(/.*:/, "", $4); print $4}')"
for port in 2381 10248 10249 10256 10257; do ssh node01 nc -z -w 1 172.30.1.2 $port && answer open $port; done
answer node-port "$(ssh node01 netstat -nlt | grep -c ":$nodePort")"
