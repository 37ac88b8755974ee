answer file "$(ssh node01 "ls /etc/cni/net.d/*.conf*" | head -1 | xargs basename)"
answer first-plugin flannel
answer delegate cni0
answer leases host-local
answer missing-program "$(ssh node01 "cat /etc/cni/net.d/05-old*" | jq -r .type)"
answer range "$(kubectl get nodes node01 -o jsonpath='{.spec.podCIDR}')"
answer endpoint "$(ssh node01 systemctl status kubelet --no-pager | grep -o 'unix://[^ ]*' | head -1)"
answer network-policy no
