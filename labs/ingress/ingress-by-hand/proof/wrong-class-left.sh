# scores: 4 of 10
# fails: served ingress-kept
# because served: 404
# because served: is for the controller
kubectl -n "$ns" patch deployment ingress-controller -p '{"spec":{"template":{"spec":{"containers":[{"name":"controller","env":[{"name":"POD_NAMESPACE","valueFrom":{"fieldRef":{"fieldPath":"metadata.namespace"}}}]}]}}}}'
kubectl -n "$ns" patch svc ingress --type=json -p '[{"op":"replace","path":"/spec/ports/0/targetPort","value":80}]'
kubectl -n "$ns" rollout status deployment ingress-controller
