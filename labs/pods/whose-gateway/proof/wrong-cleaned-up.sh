# scores: 6 of 10
# fails: on-controlplane without-nat bridge
kubectl apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata: { name: $pod-a, namespace: $ns }
spec:
  nodeName: controlplane
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
  hostNetwork: true
  containers: [{ name: c, image: "busybox:1.36", command: [sleep, infinity] }]
YAML
kubectl -n "$ns" wait --for=condition=Ready pods --all
answer gateway-a "$(ip -4 -o addr show cni0 | awk '{print $4}')"
answer gateway-b "$(kubectl -n "$ns" exec "$pod-b" -- ip route | awk '/^default/ {print $3}')"
answer gateway-c "$(kubectl -n "$ns" exec "$pod-c" -- ip route | awk '/^default/ {print $3}')"
answer bridge flannel.1
kubectl -n "$ns" delete pod "$pod-a" --now
