scp /var/lib/kubelet/config.yaml node01:/var/lib/kubelet/config.yaml
ssh node01 systemctl restart kubelet.service
kubectl -n "$ns" delete pods --field-selector spec.nodeName=node01 -l app=agent
