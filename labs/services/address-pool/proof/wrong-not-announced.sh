# scores: 4 of 10
# fails: outside pool-holds
# because outside: no node of the cluster gets packets
# because pool-holds: does not answer
kubectl apply -f - <<YAML
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: { name: reserved, namespace: metallb-system }
spec: { addresses: [172.30.2.200-172.30.2.219] }
YAML
kubectl -n "$ns" annotate service "$app" metallb.io/loadBalancerIPs=172.30.2.$wanted
