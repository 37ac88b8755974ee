# scores: 5 of 10
# fails: on-node01 new-pods service-kept
# because on-node01: name server 10.96.
ssh node01 sed -i s/$wrong/10.96.0.10/ /var/lib/kubelet/config.yaml
kubectl -n $ns rollout restart deployment sorter
kubectl -n $ns rollout status deployment sorter
kubectl -n kube-system patch networkpolicy coredns-clients --type=json -p '[{"op":"replace","path":"/spec/ingress/0/from/0/namespaceSelector","value":{}}]'
