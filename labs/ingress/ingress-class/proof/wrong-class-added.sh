# scores: 7 of 8
# fails: classes
kubectl -n "$ns" patch ingress "$a" -p '{"spec":{"ingressClassName":"nginx"}}'
kubectl get ingressclass nginx -o yaml | sed -e "s/^  name: nginx/  name: $ghost/" -e '/uid\|resourceVersion/d' | kubectl create -f -
