kubectl apply -f - <<YAML
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: { name: most, namespace: metallb-system }
spec: { addresses: [172.30.2.200/29, 172.30.2.208/29] }
---
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: { name: rest, namespace: metallb-system }
spec: { addresses: [172.30.2.216-172.30.2.219] }
---
apiVersion: metallb.io/v1beta1
kind: L2Advertisement
metadata: { name: both, namespace: metallb-system }
spec: { ipAddressPools: [most, rest], nodeSelectors: [{ matchLabels: { kubernetes.io/hostname: node01 } }] }
YAML
kubectl -n "$ns" annotate service "$app" "metallb.io/loadBalancerIPs=172.30.2.$wanted"
