kubectl -n "$ns" patch deployment "$app" -p "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"metrics\",\"args\":[\"-listen=:$sidePort\",\"-text=$app metrics\"]}]}}}}"
kubectl -n "$ns" patch service "$app" --type=json -p "[{\"op\":\"add\",\"path\":\"/spec/ports/-\",\"value\":{\"name\":\"metrics\",\"port\":$sidePort}}]"
kubectl -n "$ns" rollout status deployment "$app"
