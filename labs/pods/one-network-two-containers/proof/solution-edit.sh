pod=$(kubectl -n "$ns" get pods -l app="$app" -o name | head -1)
kubectl -n "$ns" logs "$pod" -c metrics --previous
kubectl -n "$ns" logs "$pod" -c page --previous
kubectl -n "$ns" get deployment "$app" -o json | jq "(.spec.template.spec.containers[] | select(.name==\"metrics\") | .args[0]) = \"-listen=:$sidePort\"" | kubectl replace -f -
kubectl -n "$ns" delete service "$app"
kubectl -n "$ns" create service clusterip "$app" --tcp="80:$port" --tcp="$sidePort:$sidePort"
kubectl -n "$ns" rollout status deployment "$app"
