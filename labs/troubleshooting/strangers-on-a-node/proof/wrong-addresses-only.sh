# scores: 4 of 8
# fails: resolves tomorrow
# because tomorrow: nameserver
ssh node01 "rm /etc/cni/net.d/$file"
kubectl -n $ns delete pod -l app=$app
kubectl -n $ns rollout status deployment $app --timeout=60s
