# scores: 8 of 9
# fails: deployments-kept
# because deployments-kept: stock was deleted and made anew
kubectl -n "$ns" patch ingress entrance --type=json -p "[{\"op\":\"replace\",\"path\":\"/spec/rules/0/http/paths/0/backend/service/port/number\",\"value\":$port},{\"op\":\"remove\",\"path\":\"/spec/rules/0/http/paths/2\"}]"
kubectl -n "$ns" get deployment stock -o yaml | sed 's/app: stock$/app: stocks/' > stock.yaml
kubectl replace --force -f stock.yaml
kubectl -n "$money" create ingress pay --class=nginx --rule="$host/pay*=pay:80"
