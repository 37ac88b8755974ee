# scores: 2 of 9
# fails: node02 proxies pods-kept inside
# because node02: no rule on node02 translates
kubectl -n $ns patch svc $app -p '{"spec":{"externalTrafficPolicy":"Cluster"}}'
