kubectl uncordon node01
ssh node01 mv /root/$backup/flannel /opt/cni/bin/
kubectl -n $ns rollout status deployment $app --timeout=120s
