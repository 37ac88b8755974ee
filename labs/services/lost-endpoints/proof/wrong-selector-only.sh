# scores: 2 of 6
# fails: answers follows
# because answers: nothing listens on port 9 in Pod cart-
kubectl -n "$ns" patch svc cart -p '{"spec":{"selector":{"app":"cart"}}}'
