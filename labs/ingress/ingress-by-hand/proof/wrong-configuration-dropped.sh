# scores: 9 of 10
# fails: same-controller
# because same-controller: it has
kubectl -n "$ns" patch deployment ingress-controller -p '{"spec":{"template":{"spec":{"containers":[{"name":"controller","env":[{"name":"POD_NAMESPACE","valueFrom":{"fieldRef":{"fieldPath":"metadata.namespace"}}}]}]}}}}'
kubectl -n "$ns" patch svc ingress --type=json -p '[{"op":"replace","path":"/spec/ports/0/targetPort","value":80}]'
kubectl get ingressclass by-hand -o yaml | sed "s#$ghost#k8s.io/ingress-nginx#" | kubectl replace --force -f -
kubectl -n "$ns" patch deployment ingress-controller --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/args","value":["/nginx-ingress-controller"]}]'
kubectl -n "$ns" rollout status deployment ingress-controller
