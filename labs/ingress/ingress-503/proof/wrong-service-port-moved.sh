# scores: 6 of 9
# fails: stock cart-inside
# because stock: 503
# because stock: its selector app=stocks matches no Pod
# because cart-inside: has no port
kubectl -n "$ns" patch ingress entrance --type=json -p "[{\"op\":\"remove\",\"path\":\"/spec/rules/0/http/paths/2\"}]"
kubectl -n "$ns" patch svc cart --type=merge -p '{"spec":{"ports":[{"name":"http","port":80,"targetPort":5678}]}}'
kubectl -n "$money" create ingress pay --class=nginx --rule="$host/pay*=pay:80"
