kubectl -n "$ns" set env deployment ingress-controller POD_NAMESPACE="$ns"
kubectl -n "$ns" patch deployment ingress-controller --type=json -p "[{\"op\":\"add\",\"path\":\"/spec/template/spec/containers/0/args/-\",\"value\":\"--controller-class=$ghost\"}]"
kubectl -n "$ns" rollout status deployment ingress-controller
kubectl -n "$ns" delete svc ingress
kubectl -n "$ns" create service nodeport front --tcp=80:80 --node-port="$nodePort"
kubectl -n "$ns" set selector service front name=nginx-ingress
