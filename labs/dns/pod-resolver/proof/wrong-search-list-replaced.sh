# scores: 5 of 10
# fails: own-names dots on-the-node finds-services
# because own-names: knows no queue
kubectl apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata: { name: $app, namespace: $ns }
spec:
  containers:
    - { name: main, image: "busybox:1.36", command: [sleep, infinity] }
  dnsPolicy: None
  dnsConfig: { nameservers: [10.96.0.10], searches: [$data.svc.cluster.local], options: [ { name: ndots, value: "5" } ] }
  hostAliases: [ { ip: 172.30.9.$last, hostnames: [mainframe] } ]
---
apiVersion: v1
kind: Pod
metadata: { name: $probe, namespace: $ns }
spec:
  containers:
    - { name: main, image: "busybox:1.36", command: [sleep, infinity] }

YAML
