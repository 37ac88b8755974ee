# scores: 4 of 8
# fails: service pod-file
# because service: nothing listens on port
# because pod-file: does not ask for the Pod's DNS name
kubectl -n "$ns" run "$app" --image=nginx
kubectl -n "$ns" expose pod "$app" --name="$app-svc" --port="$port"
kubectl -n "$ns" wait --for=condition=Ready "pod/$app"
kubectl run test --image=busybox:1.28 --rm -it --restart=Never -- nslookup "$app-svc.$ns" > /root/dns/service.txt
kubectl run test --image=busybox:1.28 --rm -it --restart=Never -- nslookup "$(kubectl -n "$ns" get pod "$app" -o jsonpath='{.status.podIP}')" > /root/dns/pod.txt
