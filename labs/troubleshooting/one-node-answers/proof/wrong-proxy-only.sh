# scores: 2 of 9
# fails: controlplane node02 pods-kept inside
# because controlplane: none of its endpoints is on controlplane
kubectl -n kube-system patch daemonset kube-proxy --type=json -p '[{"op":"remove","path":"/spec/template/spec/affinity"}]'
kubectl -n kube-system rollout status daemonset kube-proxy
