# scores: 3 of 8
# fails: file first-plugin delegate missing-program range
answer file "$(ssh node01 ls /etc/cni/net.d | head -1)"
answer first-plugin "$old"
answer delegate flannel.1
answer leases host-local
answer missing-program "$spare"
answer range "$(kubectl get node controlplane -o jsonpath='{.spec.podCIDR}')"
answer endpoint unix:///var/run/containerd/containerd.sock
answer network-policy no
