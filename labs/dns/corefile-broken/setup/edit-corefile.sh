kubectl -n kube-system get configmap coredns -o yaml > /tmp/coredns.yaml
sed -i -e 's/forward \. /{{typo}} . /' -e 's/kubernetes cluster.local/kubernetes {{zone}}/' /tmp/coredns.yaml
kubectl replace -f /tmp/coredns.yaml
rm /tmp/coredns.yaml
kubectl -n kube-system delete pods -l k8s-app=kube-dns
