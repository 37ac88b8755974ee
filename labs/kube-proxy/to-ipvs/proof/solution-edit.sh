KUBE_EDITOR="sed -i -e 's/mode: \"\"/mode: \"ipvs\"/' -e 's/scheduler: \"\"/scheduler: \"$scheduler\"/'" kubectl -n kube-system edit configmap kube-proxy
kubectl -n kube-system delete pods -l k8s-app=kube-proxy
kubectl -n kube-system wait --for=condition=Ready pods -l k8s-app=kube-proxy
ip=$(kubectl -n "$ns" get svc "$app" -o jsonpath='{.spec.clusterIP}')
answer interface "$(ssh node01 ip -o addr | grep "$ip/" | awk '{print $2}')"
