# scores: 3 of 10
# fails: node01 answers follows interface
kubectl -n kube-system get configmap kube-proxy -o yaml | sed -e 's/mode: ""/mode: ipvs/' -e "s/scheduler: \"\"/scheduler: $scheduler/" | kubectl replace -f -
kubectl -n kube-system delete pod -l k8s-app=kube-proxy --field-selector spec.nodeName=controlplane
sleep 5
answer interface cni0
