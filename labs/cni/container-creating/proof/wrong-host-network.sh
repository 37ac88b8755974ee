# scores: 3 of 9
# fails: own-network out deployment-kept
# because own-network: 172.30.2.2
kubectl -n "$ns" patch deployment "$app" -p '{"spec":{"replicas":1,"strategy":{"type":"Recreate","rollingUpdate":null},"template":{"spec":{"hostNetwork":true}}}}'
sleep 60
kubectl -n "$ns" delete pods --all --force
sleep 30
