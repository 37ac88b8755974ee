# scores: 0 of 10
# fails: outside low-end not-more old-port pods-kept
# because low-end: provided port is not in the valid range
kubectl -n "$ns" patch service "$app" --type=json -p "[{\"op\":\"replace\",\"path\":\"/spec/ports/0/nodePort\",\"value\":$nodePort}]"
