kubectl -n "$ns" delete ingress entrance
kubectl -n "$ns" create ingress entrance --class=nginx --rule="$host/cart*=cart:$port" --rule="$host/stock*=stock:80" --rule="$host/pay*=pay:80"
KUBE_EDITOR="sed -i 's/app: stocks/app: stock/'" kubectl -n "$ns" edit service stock
kubectl -n "$ns" create service externalname pay --external-name="pay.$money.svc.cluster.local" --tcp=80
