# scores: 8 of 10
# fails: pool-holds
# because pool-holds: another Service gets 172.30.2.220
kubectl apply -f - <<YAML
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: { name: reserved, namespace: metallb-system }
spec: { addresses: [172.30.2.200-172.30.2.250] }
---
apiVersion: metallb.io/v1beta1
kind: L2Advertisement
metadata: { name: reserved, namespace: metallb-system }
YAML
kubectl -n "$ns" annotate service "$app" "metallb.io/loadBalancerIPs=172.30.2.$wanted"
