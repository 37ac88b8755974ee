# scores: 7 of 8
# fails: all-services
kubectl -n kube-system get cm coredns -o yaml > /root/coredns-backup.yaml
ip=$(kubectl -n "$ns" get svc "$app" -o jsonpath='{.spec.clusterIP}')
sed "s/^        ready/        hosts {\n          $ip $app.$ns.svc.$domain\n          fallthrough\n        }\n        ready/" /root/coredns-backup.yaml | kubectl replace -f -
kubectl -n kube-system rollout restart deployment coredns
kubectl -n kube-system rollout status deployment coredns
