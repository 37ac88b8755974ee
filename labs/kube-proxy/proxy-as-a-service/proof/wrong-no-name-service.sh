# scores: 9 of 10
# fails: pods
ssh node01 "sed -i 's/^mode: .*/mode: iptables/' /var/lib/kube-proxy/config.conf; sed -i s/:$apiPort/:6443/ /var/lib/kube-proxy/kubeconfig.conf; systemctl enable --now kube-proxy"
kubectl -n "$ns" get pod client-node01 -o json | jq '.spec.dnsPolicy="Default"' > pod.json
kubectl -n "$ns" replace --force -f pod.json
kubectl -n "$ns" wait --for=condition=Ready pod/client-node01
answer log /var/log/kube-proxy.log
