# scores: 0 of 10
# fails: page metrics same-pod page-kept
kubectl -n "$ns" patch deployment "$app" --type=json -p "[{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/1/ports/0/containerPort\",\"value\":$((sidePort + 1))}]"
kubectl -n "$ns" patch service "$app" --type=json -p "[{\"op\":\"add\",\"path\":\"/spec/ports/-\",\"value\":{\"name\":\"metrics\",\"port\":$sidePort}}]"
sleep 200
