# scores: 4 of 10
# fails: served ingress-kept
# because served: nothing listens on port
kubectl -n "$ns" patch deployment ingress-controller -p '{"spec":{"template":{"spec":{"containers":[{"name":"controller","env":[{"name":"POD_NAMESPACE","valueFrom":{"fieldRef":{"fieldPath":"metadata.namespace"}}}]}]}}}}'
kubectl get ingressclass by-hand -o yaml | sed "s#$ghost#k8s.io/ingress-nginx#" | kubectl replace --force -f -
kubectl -n "$ns" rollout status deployment ingress-controller
