# scores: 9 of 10
# fails: program-kept
# because program-kept: was edited
kubectl -n "$ns" patch deployment "$app" --type=json -p "[{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/args/1\",\"value\":\"--http-port=$wrong\"},{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/ports/0/containerPort\",\"value\":$wrong},{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/readinessProbe/httpGet/path\",\"value\":\"/healthz\"}]"
kubectl -n "$ns" rollout status deployment "$app"
