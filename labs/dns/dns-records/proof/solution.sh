kubectl -n "$ns" run "$app" --image=nginx
kubectl -n "$ns" expose pod "$app" --name="$app-svc" --port="$port" --target-port=80
kubectl -n "$ns" wait --for=condition=Ready "pod/$app"
kubectl run test --image=busybox:1.28 --rm -it --restart=Never -- nslookup "$app-svc.$ns.svc.cluster.local" > /root/dns/service.txt
ip=$(kubectl -n "$ns" get pod "$app" -o jsonpath='{.status.podIP}')
kubectl run test --image=busybox:1.28 --rm -it --restart=Never -- nslookup "${ip//./-}.$ns.pod.cluster.local" > /root/dns/pod.txt
