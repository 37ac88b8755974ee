# scores: 7 of 10
# fails: node02
# because node02: none of its endpoints is on node02
kubectl -n "$ns" patch deployment "$app" -p '{"spec":{"template":{"spec":{"nodeSelector":{"kubernetes.io/hostname":"node01"}}}}}'
kubectl -n "$ns" patch svc "$app" -p '{"spec":{"externalTrafficPolicy":"Local"}}'
answer controlplane "silence"
