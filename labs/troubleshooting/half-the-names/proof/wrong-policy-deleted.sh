# scores: 8 of 10
# fails: metrics
# because metrics: no NetworkPolicy is for ingress of Pod coredns-
ssh node01 sed -i s/$wrong/10.96.0.10/ /var/lib/kubelet/config.yaml
ssh node01 systemctl restart kubelet
kubectl -n $ns rollout restart deployment sorter
kubectl -n $ns rollout status deployment sorter
kubectl -n kube-system delete networkpolicy coredns-clients
