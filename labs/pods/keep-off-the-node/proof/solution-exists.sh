kubectl patch node node01 --type=merge -p '{"spec":{"unschedulable":null}}'
kubectl -n "$ns" get deployment "$app" -o json | jq ".spec.template.spec.tolerations=[{key:\"$key\",operator:\"Exists\"}]" | kubectl apply -f -
kubectl -n "$ns" rollout status deployment "$app"
