# scores: 5 of 8
# fails: internal pod-file
# because pod-file: can't resolve
kubectl -n "$ns" run "$app" --image=nginx
kubectl -n "$ns" expose pod "$app" --name="$app-svc" --port="$port" --target-port=80 --type=NodePort
kubectl -n "$ns" wait --for=condition=Ready "pod/$app"
kubectl run test --image=busybox:1.28 --rm -it --restart=Never -- nslookup "$app-svc.$ns.svc.cluster.local" > /root/dns/service.txt
kubectl run test --image=busybox:1.28 --rm -it --restart=Never -- nslookup "$app.$ns.pod.cluster.local" > /root/dns/pod.txt
