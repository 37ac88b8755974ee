# scores: 6 of 8
# fails: minutes
kubectl -n "$ns" patch service "$app" -p "{\"spec\":{\"sessionAffinity\":\"ClientIP\",\"sessionAffinityConfig\":{\"clientIP\":{\"timeoutSeconds\":$((minutes * 60 + 50))}}}}"
