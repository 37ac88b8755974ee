kubectl -n "$ns" scale deployment "$app" --replicas=0
kubectl -n "$ns" patch deployment "$app" --type=json -p "[{\"op\":\"add\",\"path\":\"/spec/template/spec/tolerations\",\"value\":[{\"key\":\"$key\",\"value\":\"$value\"}]}]"
kubectl uncordon node01
kubectl -n "$ns" scale deployment "$app" --replicas=4
