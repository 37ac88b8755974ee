# scores: 7 of 8
# fails: others
# because others: none of 40 connections
for s in "$app" "$app-search"; do kubectl -n "$ns" patch service "$s" -p "{\"spec\":{\"sessionAffinity\":\"ClientIP\",\"sessionAffinityConfig\":{\"clientIP\":{\"timeoutSeconds\":$((minutes * 60))}}}}"; done
