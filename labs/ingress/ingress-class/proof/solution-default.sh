kubectl annotate ingressclass nginx ingressclass.kubernetes.io/is-default-class=true
kubectl -n "$ns" get ingress "$a" -o yaml > a.yaml
kubectl replace --force -f a.yaml
KUBE_EDITOR="sed -i 's/ingressClassName: .*/ingressClassName: nginx/'" kubectl -n "$ns" edit ingress "$b"
