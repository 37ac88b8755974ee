# scores: 8 of 9
# fails: front-api
# because front-api: router
kubectl -n kube-flannel delete pod --all
kubectl -n kube-flannel rollout status ds kube-flannel-ds
ip route del 10.244.1.0/24
ip route add 10.244.1.0/24 via 172.30.1.1
