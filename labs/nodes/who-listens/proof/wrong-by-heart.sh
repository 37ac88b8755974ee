# scores: 4 of 8
# fails: scheduler etcd-clients kubelet open
# because scheduler: 127.0.0.1:10259
answer scheduler 127.0.0.1:10259
answer on-10257 kube-controller-manager
answer etcd-clients 2380
answer etcd-peers 0
answer etcd-metrics 2381
answer kubelet 10248
answer open 10257
answer node-port 0
