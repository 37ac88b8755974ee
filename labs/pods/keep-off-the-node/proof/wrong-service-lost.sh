# scores: 4 of 10
# fails: answers taint-kept control-plane
kubectl uncordon node01
kubectl -n "$ns" delete service "$app"
kubectl -n "$ns" patch deployment "$app" -p "{\"spec\":{\"template\":{\"spec\":{\"tolerations\":[{\"key\":\"$key\",\"operator\":\"Exists\"}]}}}}"
kubectl -n "$ns" rollout status deployment "$app"
