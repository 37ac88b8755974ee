cp /root/kube-controller-manager.yaml /etc/kubernetes/manifests/
kubectl -n $ns delete service $app
kubectl -n $ns create service clusterip $app --tcp=80:$port
sleep 30
