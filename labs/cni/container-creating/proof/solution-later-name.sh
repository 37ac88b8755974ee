ssh node01 "cd /etc/cni/net.d && mv 05-$old.conflist 99-$old.conflist && chmod 0755 /opt/cni/bin/*"
kubectl -n $ns rollout restart deploy $app; kubectl -n $ns rollout status deploy $app
