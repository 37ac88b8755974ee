# scores: 7 of 8
# fails: agents-kept
# because agents-kept: was edited: spec.template.spec
ssh node01 "sed -i 's/10.96.0.$last/10.96.0.10/' /var/lib/kubelet/config.yaml; systemctl restart kubelet"
kubectl -n "$ns" patch daemonset agent -p "{\"spec\":{\"template\":{\"spec\":{\"dnsConfig\":{\"nameservers\":[\"10.96.0.10\"]}}}}}"
kubectl -n "$ns" rollout status daemonset agent
