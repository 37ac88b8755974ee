# scores: 5 of 8
# fails: tomorrow kept
# because kept: was edited
ssh node01 "rm /etc/cni/net.d/$file"
kubectl -n $ns patch deployment $app -p '{"spec":{"template":{"spec":{"dnsPolicy":"None","dnsConfig":{"nameservers":["10.96.0.10"],"searches":["'$ns'.svc.cluster.local","svc.cluster.local","cluster.local"],"options":[{"name":"ndots","value":"5"}]}}}}}'
kubectl -n $ns rollout status deployment $app --timeout=60s
