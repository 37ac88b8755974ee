# scores: 9 of 10
# fails: old-port
# because old-port: (type NodePort)
sed -i 's/    - --service-cluster-ip-range=.*/&\n    - --service-node-port-range=20000-22767/' /etc/kubernetes/manifests/kube-apiserver.yaml
sleep 45
kubectl -n "$ns" create service nodeport new --tcp=80:5678 --node-port="$nodePort"
kubectl -n "$ns" set selector service new app="$app"
