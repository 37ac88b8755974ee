# scores: 8 of 10
# fails: others dots
# because others: was edited: data.Corefile
kubectl apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata: { name: $app, namespace: $ns }
spec:
  containers:
    - { name: main, image: "busybox:1.36", command: [sleep, infinity] }
  dnsConfig: { searches: [$data.svc.cluster.local] }
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
kubectl -n kube-system get cm coredns -o yaml | sed "s/^        ready$/        ready\n        hosts {\n            172.30.9.$last mainframe.$ns.svc.cluster.local\n            fallthrough\n        }/" | kubectl replace -f -
kubectl -n kube-system rollout restart deployment coredns
