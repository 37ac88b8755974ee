kubectl uncordon node01
kubectl -n "$ns" patch deployment "$app" -p "{\"spec\":{\"template\":{\"spec\":{\"tolerations\":[{\"key\":\"$key\",\"operator\":\"Equal\",\"value\":\"$value\",\"effect\":\"NoSchedule\"}]}}}}"
kubectl -n "$ns" rollout status deployment "$app"
