# scores: 8 of 10
# fails: finds-services
# because finds-services: knows no queue
kubectl apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata: { name: $app, namespace: $ns }
spec:
  containers:
    - { name: main, image: "busybox:1.36", command: [sleep, infinity] }
  dnsConfig: { searches: [$data.svc.cluster.local], options: [ { name: ndots, value: "2" } ] }
  hostAliases: [ { ip: 172.30.9.$last, hostnames: [mainframe] } ]
---
apiVersion: v1
kind: Pod
metadata: { name: $probe, namespace: $ns }
spec:
  containers:
    - { name: main, image: "busybox:1.36", command: [sleep, infinity] }
  hostNetwork: true
YAML
