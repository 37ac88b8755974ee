# scores: 2 of 6
# fails: answers follows
# because answers: has no port 80, it has
kubectl -n "$ns" delete svc cart
kubectl -n "$ns" expose deployment cart
