kubectl -n kube-system get cm kube-proxy -o yaml | sed "s/172.30.1.2:$apiPort/172.30.1.2:6443/" | kubectl replace -f -
kubectl -n kube-system delete pods -l k8s-app=kube-proxy
sleep 10
