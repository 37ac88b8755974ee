# scores: 5 of 8
# fails: no-node-ports pods-kept
# because pods-kept: was edited
kubectl -n "$ns" patch deployment "$app" --type=json -p "[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":1},{\"op\":\"add\",\"path\":\"/spec/strategy\",\"value\":{\"type\":\"Recreate\"}},{\"op\":\"add\",\"path\":\"/spec/template/spec/containers/0/ports\",\"value\":[{\"containerPort\":$port,\"hostPort\":80}]}]"
kubectl -n "$ns" rollout status deployment "$app"
