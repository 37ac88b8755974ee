kubectl -n "$ns" get deployment "$app" -o json | jq ".spec.template.spec.containers[0].readinessProbe = {tcpSocket: {port: $port}, periodSeconds: 2}" | kubectl apply -f -
kubectl -n "$ns" rollout status deployment "$app"
