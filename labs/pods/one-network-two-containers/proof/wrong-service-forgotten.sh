# scores: 5 of 10
# fails: metrics same-pod
# because metrics: no answer
kubectl -n "$ns" patch deployment "$app" -p "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"metrics\",\"args\":[\"-listen=:$sidePort\",\"-text=$app metrics\"]}]}}}}"
kubectl -n "$ns" rollout status deployment "$app"
