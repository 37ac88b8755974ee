# scores: 9 of 10
# fails: own-bridge
ssh node01 ip link del "${plugin}0"
scp /etc/cni/net.d/10-flannel.conflist node01:/etc/cni/net.d/05-flannel.conflist
kubectl -n "$ns" delete pods -l app=crew --force
kubectl -n "$ns" rollout status deployment crew --timeout=120s
