ssh node01 ip route del 10.244.2.0/24
kubectl -n kube-flannel rollout restart ds kube-flannel-ds
sleep 60
