ln -sf /run/systemd/resolve/resolv.conf /etc/resolv.conf
ssh node01 ln -sf /run/systemd/resolve/resolv.conf /etc/resolv.conf
kubectl -n kube-system delete pods -l k8s-app=kube-dns
kubectl -n "$ns" delete pods -l app="$app"
