# scores: 9 of 10
# fails: deployment-kept
kubectl -n kube-system get cm kube-proxy -o yaml | sed "s/:$apiPort/:6443/" | kubectl replace -f -
kubectl -n kube-system rollout restart ds kube-proxy
kubectl -n $ns set env deploy/$app A=b
kubectl -n $ns scale deploy/$app --replicas=1
