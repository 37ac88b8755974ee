sed -i 's/    - --service-cluster-ip-range=.*/&\n    - --service-node-port-range=20000-22767/' /etc/kubernetes/manifests/kube-apiserver.yaml
sleep 20
until kubectl get --raw /readyz; do sleep 2; done
kubectl -n "$ns" patch service "$app" --type=json -p "[{\"op\":\"replace\",\"path\":\"/spec/ports/0/nodePort\",\"value\":$nodePort}]"
