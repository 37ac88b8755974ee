# scores: 9 of 10
# fails: inside
# because inside: has no port 80, it has
kubectl -n "$ns" scale deployment "$app" --replicas=2
kubectl -n "$ns" delete svc "$app"
kubectl -n "$ns" expose deployment "$app" --type=NodePort --overrides="{\"spec\":{\"externalTrafficPolicy\":\"Local\",\"ports\":[{\"port\":8080,\"nodePort\":$nodePort}]}}"
kubectl -n "$ns" get svc "$app"
answer controlplane "silence"
