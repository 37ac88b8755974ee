# scores: 3 of 8
# fails: second classes controller-kept
# because controller-kept: was edited
kubectl -n ingress-nginx patch deployment ingress-nginx-controller --type=json -p '[{"op":"add","path":"/spec/template/spec/containers/0/args/-","value":"--watch-ingress-without-class=true"}]'
kubectl -n ingress-nginx rollout status deployment ingress-nginx-controller
