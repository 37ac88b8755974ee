ssh node01 "rm /etc/cni/net.d/$file"
ssh node01 "sed -i s/$dns/10.96.0.10/ /var/lib/kubelet/config.yaml; systemctl restart kubelet"
kubectl -n $ns delete pod -l app=$app
kubectl -n $ns rollout status deployment $app --timeout=60s
