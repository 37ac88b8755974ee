kubectl apply -f - <<YAML
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: { name: reserved, namespace: metallb-system }
spec: { addresses: [172.30.2.200/29, 172.30.2.208/29, 172.30.2.216-172.30.2.219] }
YAML
kubectl apply -f - <<YAML
apiVersion: metallb.io/v1beta1
kind: L2Advertisement
metadata: { name: reserved, namespace: metallb-system }

YAML
kubectl -n "$ns" patch service "$app" -p "{\"spec\":{\"loadBalancerIP\":\"172.30.2.$wanted\"}}"
