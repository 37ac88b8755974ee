# scores: 2 of 9
# fails: controller chain probability last endpoint-chain target node-port
answer mode iptables
answer controller Deployment
answer log "kubectl logs"
answer chain "$(iptables -t nat -S KUBE-SERVICES | grep "default/kubernetes:https cluster IP" | awk '{print $NF}')"
answer target "$(kubectl -n "$ns" get svc "$app" -o jsonpath='{.spec.clusterIP}'):80"
answer endpoint-chain KUBE-SEP
