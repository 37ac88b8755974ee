# scores: 6 of 10
# fails: same-pod page-kept
kubectl -n "$ns" patch deployment "$app" -p "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"metrics\",\"args\":[\"-listen=:$sidePort\",\"-text=$app metrics\"]},{\"name\":\"page\",\"args\":[\"-listen=:$((port + 1))\",\"-text=$app page\"]}]}}}}"
kubectl -n "$ns" patch service "$app" -p "{\"spec\":{\"ports\":[{\"name\":\"page\",\"port\":80,\"targetPort\":$((port + 1))},{\"name\":\"metrics\",\"port\":$sidePort}]}}"
kubectl -n "$ns" rollout status deployment "$app"
