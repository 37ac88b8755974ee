# scores: 0 of 10
# fails: address outside pool-holds inside
kubectl apply -f - <<YAML
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: { name: reserved, namespace: $ns }
spec: { addresses: [172.30.2.200-172.30.2.219] }
---
apiVersion: metallb.io/v1beta1
kind: L2Advertisement
metadata: { name: reserved, namespace: $ns }
YAML
kubectl -n "$ns" annotate service "$app" "metallb.io/loadBalancerIPs=172.30.2.$wanted"
