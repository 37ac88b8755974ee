# scores: 0 of 8
# fails: agents new-pods agents-kept services-kept
# because new-pods: has in its /etc/resolv.conf: nameserver 10.96.0.
kubectl -n "$ns" patch daemonset agent -p "{\"spec\":{\"template\":{\"spec\":{\"dnsPolicy\":\"None\",\"dnsConfig\":{\"nameservers\":[\"10.96.0.10\"],\"searches\":[\"$ns.svc.cluster.local\"]}}}}}"
kubectl -n "$ns" rollout status daemonset agent
