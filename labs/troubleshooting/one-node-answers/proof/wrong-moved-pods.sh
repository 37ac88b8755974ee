# scores: 8 of 9
# fails: pods-kept
# because pods-kept: was edited: spec.replicas
kubectl -n kube-system patch daemonset kube-proxy --type=json -p '[{"op":"remove","path":"/spec/template/spec/affinity"}]'
kubectl -n kube-system rollout status daemonset kube-proxy
kubectl -n $ns scale deployment $app --replicas=6
kubectl -n $ns patch svc $app -p '{"spec":{"externalTrafficPolicy":"Cluster"}}'
