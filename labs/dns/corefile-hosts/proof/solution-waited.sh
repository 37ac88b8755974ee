KUBE_EDITOR="sed -i 's/^        loadbalance/        hosts custom.hosts $zone {\n           192.168.50.$a $first.$zone\n           192.168.50.$b $second.$zone\n           fallthrough\n        }\n        loadbalance/'" kubectl -n kube-system edit configmap coredns
sleep 150
