kubectl -n $ns set selector service $app app=$app
mv /root/kube-controller-manager.yaml /etc/kubernetes/manifests/
sleep 30
