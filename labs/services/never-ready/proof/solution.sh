kubectl -n "$ns" patch deployment "$app" -p '{"spec":{"template":{"spec":{"containers":[{"name":"page","readinessProbe":{"httpGet":{"path":"/healthz","port":"http"}}}]}}}}'
kubectl -n "$ns" rollout status deployment "$app"
