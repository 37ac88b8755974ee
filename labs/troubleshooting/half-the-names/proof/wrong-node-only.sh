# scores: 3 of 10
# fails: other-namespace tcp new-pods metrics
# because other-namespace: no NetworkPolicy lets Pod tower-
ssh node01 sed -i s/$wrong/10.96.0.10/ /var/lib/kubelet/config.yaml
ssh node01 systemctl restart kubelet
kubectl -n $ns rollout restart deployment sorter
kubectl -n $ns rollout status deployment sorter
