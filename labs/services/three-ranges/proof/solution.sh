kubectl get nodes -o wide
kubectl get pods -A -o wide
answer nodes "$(ssh node01 ip route show dev eth0 | awk '/scope link/ {print $1}')"
answer pods "$(kubectl -n kube-system get cm kubeadm-config -o yaml | awk '/podSubnet/ {print $2}')"
answer pods-of-node01 "$(kubectl describe node node01 | awk '/^PodCIDR:/ {print $2}')"
answer services "$(cat /etc/kubernetes/manifests/kube-apiserver.yaml | grep range | cut -d= -f2)"
answer not-a-service 10.112.0.10
answer who "$(kubectl -n "$ns" get svc "$app" --no-headers | awk '{print $3}')"
answer host-network hostNetwork
answer who-gives kube-controller-manager
