# scores: 9 of 10
# fails: control-plane
# because control-plane: exit code 0
kubectl uncordon node01
kubectl -n "$ns" patch deployment "$app" -p '{"spec":{"template":{"spec":{"tolerations":[{"operator":"Exists"}]}}}}'
kubectl -n "$ns" rollout status deployment "$app"
for n in controlplane node01 node02; do kubectl -n "$ns" get pods -l app="$app" -o wide; done
