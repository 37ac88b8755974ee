# scores: 2 of 9
# fails: pay cart cart-inside deployments-kept
# because pay: pay ok
kubectl -n "$ns" create deployment pay --image=hashicorp/http-echo:1.0 -- /http-echo -text="pay ok"
kubectl -n "$ns" expose deployment pay --port=80 --target-port=5678
kubectl -n "$ns" set selector service stock app=stock
