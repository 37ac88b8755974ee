# scores: 3 of 8
# fails: on-10257 etcd-peers etcd-metrics kubelet node-port
answer scheduler "$(ss -tlnp | grep kube-scheduler | awk '{print $4}')"
answer on-10257 kube-proxy
answer etcd-clients 2379
answer etcd-peers "$(ss -Htn state established 'sport = :2379' | wc -l)"
answer etcd-metrics 2379
answer kubelet 6443
answer open 10256
answer node-port 2
