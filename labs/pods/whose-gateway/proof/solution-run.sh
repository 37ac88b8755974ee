kubectl -n "$ns" run "$pod-a" --image=wbitt/network-multitool --overrides='{"spec":{"nodeSelector":{"kubernetes.io/hostname":"controlplane"},"tolerations":[{"operator":"Exists"}]}}'
kubectl -n "$ns" run "$pod-b" --image=wbitt/network-multitool --overrides='{"spec":{"nodeName":"node01"}}'
kubectl -n "$ns" run "$pod-c" --image=busybox --overrides='{"spec":{"nodeName":"node01","hostNetwork":true}}' -- sleep 100000
kubectl -n "$ns" wait --for=condition=Ready pods --all
answer gateway-a "$(kubectl -n "$ns" exec "$pod-a" -- ip route show default | awk '{print $3}')"
answer gateway-b "$(ssh node01 ip -4 -br addr show cni0 | awk '{print $3}')"
answer gateway-c "$(ssh node01 ip route show default | awk '{print $3}')"
answer bridge cni0
