ssh node01 mv "/etc/cni/net.d/05-$old.conflist" /root/
ssh node01 rm /opt/cni/bin/flannel
kubectl -n kube-flannel delete pod --field-selector spec.nodeName=node01
kubectl -n kube-flannel rollout status ds kube-flannel-ds
kubectl -n "$ns" delete pod -l "app=$app"
