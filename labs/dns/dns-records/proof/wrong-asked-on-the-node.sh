# scores: 4 of 8
# fails: service-file pod-file
# because service-file: holds a lookup that failed
# because pod-file: holds a lookup that failed
kubectl -n "$ns" run "$app" --image=nginx
kubectl -n "$ns" expose pod "$app" --name="$app-svc" --port="$port" --target-port=80
kubectl -n "$ns" wait --for=condition=Ready "pod/$app"
ip=$(kubectl -n "$ns" get pod "$app" -o jsonpath='{.status.podIP}')
nslookup "$app-svc.$ns.svc.cluster.local" > /root/dns/service.txt
nslookup "${ip//./-}.$ns.pod.cluster.local" > /root/dns/pod.txt
