# scores: 7 of 10
# fails: no-alias fixed-name others
# because no-alias: db is new
kubectl apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata: { name: $app, namespace: $ns }
spec:
  containers:
    - { name: main, image: "busybox:1.36", command: [sleep, infinity] }
  dnsConfig: { options: [ { name: ndots, value: "2" } ] }
---
apiVersion: v1
kind: Pod
metadata: { name: $probe, namespace: $ns }
spec:
  containers:
    - { name: main, image: "busybox:1.36", command: [sleep, infinity] }
  hostNetwork: true
  dnsPolicy: ClusterFirstWithHostNet
YAML
kubectl -n "$ns" create service externalname db --external-name="db.$data.svc.cluster.local"
