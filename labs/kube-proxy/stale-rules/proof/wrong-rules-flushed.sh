# scores: 0 of 10
# fails: answers follows for-good app-kept deployment-kept
iptables -t nat -F
ssh node01 iptables -t nat -F
kubectl -n kube-system delete pods -l k8s-app=kube-proxy
