kubectl -n "$ns" describe pod -l "app=$app" | tail -3
ssh node01 rm "/etc/cni/net.d/05-$old.conflist"
ssh node01 chmod +x /opt/cni/bin/flannel
kubectl -n "$ns" rollout status deployment "$app" --timeout=120s
