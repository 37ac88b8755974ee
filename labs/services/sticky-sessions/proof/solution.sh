kubectl -n "$ns" patch service "$app" -p "{\"spec\":{\"sessionAffinity\":\"ClientIP\",\"sessionAffinityConfig\":{\"clientIP\":{\"timeoutSeconds\":$((minutes * 60))}}}}"
