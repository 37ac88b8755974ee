# scores: 8 of 10
# fails: old-port pods-kept
# because pods-kept: was edited
sed -i 's/    - --service-cluster-ip-range=.*/&\n    - --service-node-port-range=20000-22767/' /etc/kubernetes/manifests/kube-apiserver.yaml
sleep 45
kubectl -n "$ns" patch deployment "$app" --type=json -p "[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":2},{\"op\":\"add\",\"path\":\"/spec/template/spec/tolerations\",\"value\":[{\"operator\":\"Exists\"}]},{\"op\":\"add\",\"path\":\"/spec/template/spec/hostNetwork\",\"value\":true}]"
kubectl -n "$ns" create service nodeport new --tcp=80:5678 --node-port="$nodePort"
kubectl -n "$ns" set selector service new app="$app"
