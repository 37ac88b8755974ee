# scores: 4 of 10
# fails: on-controlplane gateway-a gateway-c host-network
kubectl apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata: { name: $pod-a, namespace: $ns }
spec:
  nodeName: node01
  containers: [{ name: a, image: "busybox:1.36", command: [sleep, infinity] }]
---
apiVersion: v1
kind: Pod
metadata: { name: $pod-b, namespace: $ns }
spec:
  nodeName: node01
  containers: [{ name: b, image: nicolaka/netshoot, command: [sleep, infinity] }]
---
apiVersion: v1
kind: Pod
metadata: { name: $pod-c, namespace: $ns }
spec:
  nodeName: node01
  hostNetwork: false
  containers: [{ name: c, image: "busybox:1.36", command: [sleep, infinity] }]
YAML
kubectl -n "$ns" wait --for=condition=Ready pods --all
for p in a b c; do answer gateway-$p "$(kubectl -n "$ns" exec "$pod-$p" -- ip route | awk '/^default/ {print $3}')"; done
answer bridge cni0
