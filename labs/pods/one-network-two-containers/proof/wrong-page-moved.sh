# scores: 3 of 10
# fails: page same-pod page-kept
# because same-pod: does not answer with the page
kubectl -n "$ns" patch deployment "$app" -p "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"metrics\",\"args\":[\"-listen=:$sidePort\",\"-text=$app metrics\"]},{\"name\":\"page\",\"args\":[\"-listen=:$((port + 1))\",\"-text=$app page\"]}]}}}}"
kubectl -n "$ns" patch service "$app" --type=json -p "[{\"op\":\"add\",\"path\":\"/spec/ports/-\",\"value\":{\"name\":\"metrics\",\"port\":$sidePort}}]"
kubectl -n "$ns" rollout status deployment "$app"
