# scores: 0 of 10
# fails: controlplane node01 answers follows interface
kubectl -n kube-system get configmap kube-proxy -o yaml | sed -e 's/mode: ""/mode: ipvs/' -e "s/scheduler: \"\"/scheduler: $scheduler/" | kubectl replace -f -
answer interface eth0
