# scores: 1 of 10
# fails: on-controlplane on-node01 host-network without-nat gateway-a gateway-b gateway-c
kubectl -n "$ns" run "$pod-a" --image=busybox --overrides='{"spec":{"nodeSelector":{"kubernetes.io/hostname":"controlplane"}}}' -- sleep 100000
kubectl -n "$ns" run "$pod-b" --image=nginx --overrides='{"spec":{"nodeName":"controlplane"}}'
sleep 5
kubectl -n "$ns" exec "$pod-b" -- ip route
answer gateway-a 10.244.1.1
answer gateway-b "$(kubectl -n "$ns" get pod web -o jsonpath='{.status.podIP}')"
answer gateway-c 10.244.1.1
answer bridge cni0
