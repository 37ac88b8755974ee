# scores: 2 of 6
# fails: answers
kubectl -n "$ns" patch svc cart -p '{"spec":{"selector":{"app":"cart"}}}'
