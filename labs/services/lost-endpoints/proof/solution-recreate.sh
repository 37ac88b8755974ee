kubectl -n "$ns" delete svc cart
kubectl -n "$ns" expose deployment cart --port=80 --target-port=http
