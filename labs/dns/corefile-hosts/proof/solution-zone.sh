kubectl -n kube-system get cm coredns -o jsonpath='{.data.Corefile}' > Corefile
cat >> Corefile <<CORE
$zone:53 {
    errors
    hosts {
        192.168.50.$a $first.$zone
        192.168.50.$b $second.$zone
    }
}
CORE
kubectl -n kube-system create configmap coredns --from-file=Corefile --dry-run=client -o yaml | kubectl replace -f -
kubectl -n kube-system delete pods -l k8s-app=kube-dns
