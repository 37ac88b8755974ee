# scores: 8 of 10
# fails: new-pods
# because new-pods: exit code 1
ssh node01 sed -i s/$wrong/10.96.0.10/ /var/lib/kubelet/config.yaml
ssh node01 systemctl restart kubelet
kubectl -n $ns rollout restart deployment sorter
kubectl -n $ns rollout status deployment sorter
kubectl label namespace $other dns=allowed
