kubectl -n "$ns" patch ingress entrance --type=json -p "[{\"op\":\"replace\",\"path\":\"/spec/rules/0/http/paths/0/backend/service/port/number\",\"value\":$port},{\"op\":\"remove\",\"path\":\"/spec/rules/0/http/paths/2\"}]"
kubectl -n "$ns" set selector service stock app=stock
kubectl -n "$money" create ingress pay --class=nginx --rule="$host/pay*=pay:80"
