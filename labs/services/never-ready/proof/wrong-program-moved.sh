# scores: 0 of 10
# fails: answers healthy-pods probe-works service-kept program-kept
kubectl -n "$ns" patch deployment "$app" --type=json -p "[{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/args/1\",\"value\":\"--http-port=$wrong\"}]"
sleep 30
