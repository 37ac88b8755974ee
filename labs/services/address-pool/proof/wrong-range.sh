# scores: 8 of 10
# fails: pool-holds
# because pool-holds: another Service gets
kubectl apply -f - <<YAML
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: { name: reserved, namespace: metallb-system }
spec: { addresses: [172.30.2.190-172.30.2.219] }
YAML
kubectl apply -f - <<YAML
apiVersion: metallb.io/v1beta1
kind: L2Advertisement
metadata: { name: reserved, namespace: metallb-system }

YAML
kubectl -n "$ns" annotate service "$app" metallb.io/loadBalancerIPs=172.30.2.$wanted
