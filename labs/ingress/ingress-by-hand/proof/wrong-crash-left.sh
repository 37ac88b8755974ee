# scores: 0 of 10
# fails: runs served same-controller ingress-kept
# because runs: nothing
kubectl -n "$ns" patch svc ingress --type=json -p '[{"op":"replace","path":"/spec/ports/0/targetPort","value":80}]'
kubectl get ingressclass by-hand -o yaml | sed "s#$ghost#k8s.io/ingress-nginx#" | kubectl replace --force -f -
