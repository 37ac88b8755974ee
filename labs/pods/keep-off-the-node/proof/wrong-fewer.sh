# scores: 7 of 10
# fails: all-ready
# because all-ready: 2
kubectl uncordon node01
kubectl -n "$ns" patch deployment "$app" -p "{\"spec\":{\"replicas\":2,\"template\":{\"spec\":{\"tolerations\":[{\"key\":\"$key\",\"operator\":\"Equal\",\"value\":\"$value\",\"effect\":\"NoSchedule\"}]}}}}"
kubectl -n "$ns" rollout status deployment "$app"
