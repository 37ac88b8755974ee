# scores: 3 of 10
# fails: answers taint-kept node01-open control-plane
kubectl -n "$ns" patch deployment "$app" -p "{\"spec\":{\"template\":{\"spec\":{\"tolerations\":[{\"key\":\"$key\",\"operator\":\"Equal\",\"value\":\"$value\",\"effect\":\"NoSchedule\"}]}}}}"
