kubectl -n $ns patch svc $app -p '{"spec":{"externalTrafficPolicy":"Cluster"}}'
kubectl -n kube-system patch daemonset kube-proxy --type=json -p '[{"op":"remove","path":"/spec/template/spec/affinity"}]'
kubectl -n kube-system rollout status daemonset kube-proxy
