# scores: 8 of 10
# fails: low-end
# because low-end: provided port is not in the valid range
sed -i "s/    - --service-cluster-ip-range=.*/&\n    - --service-node-port-range=$nodePort-22767/" /etc/kubernetes/manifests/kube-apiserver.yaml
sleep 45
kubectl -n "$ns" patch service "$app" --type=json -p "[{\"op\":\"replace\",\"path\":\"/spec/ports/0/nodePort\",\"value\":$nodePort}]"
