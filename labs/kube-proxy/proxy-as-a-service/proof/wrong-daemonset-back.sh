# scores: 6 of 10
# fails: unit boot no-pod log
# because unit: failed
kubectl -n kube-system patch daemonset kube-proxy --type=json -p '[{"op":"remove","path":"/spec/template/spec/affinity"}]'
kubectl -n kube-system rollout status daemonset kube-proxy
sleep 5
answer log "the journal of systemd"
