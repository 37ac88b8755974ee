KUBE_EDITOR="sed -i 's/externalTrafficPolicy: Local/externalTrafficPolicy: Cluster/'" kubectl -n $ns edit svc $app
kubectl -n kube-system patch daemonset kube-proxy --type=merge -p '{"spec":{"template":{"spec":{"affinity":null}}}}'
kubectl -n kube-system rollout status daemonset kube-proxy
kubectl -n kube-system get pods -l k8s-app=kube-proxy -o wide
