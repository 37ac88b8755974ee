# scores: 6 of 7
# fails: kept
# because kept: was edited
mv /root/kube-controller-manager.yaml /etc/kubernetes/manifests/
sleep 30
kubectl -n $ns patch deployment $app -p '{"spec":{"template":{"metadata":{"labels":{"app":"'$app'","tier":"front"}}}}}'
kubectl -n $ns patch service $app --type json -p '[{"op":"replace","path":"/spec/selector","value":{"tier":"front"}}]'
kubectl -n $ns rollout status deployment $app --timeout=60s
