sed -i 's/    - --service-cluster-ip-range.*/&\n    - --service-node-port-range=20000+2767/' /etc/kubernetes/manifests/kube-apiserver.yaml
sleep 60
kubectl -n "$ns" patch service "$app" --type=json -p "[{\"op\":\"replace\",\"path\":\"/spec/ports/0/nodePort\",\"value\":$nodePort}]"
