# scores: 3 of 8
# fails: pod service-file pod-file
# because pod: httpd
# because service-file: is not the output of nslookup
kubectl -n "$ns" run "$app" --image=nginx --dry-run=client -o yaml | sed 's/image: nginx/image: httpd/' | kubectl apply -f -
kubectl -n "$ns" expose pod "$app" --name="$app-svc" --port="$port" --target-port=80
kubectl -n "$ns" delete pod "$app"
kubectl -n "$ns" create deployment web --image=nginx
kubectl -n "$ns" run "$app" --image=httpd
kubectl -n "$ns" set selector service "$app-svc" app=web
kubectl -n "$ns" get service -o wide > /root/dns/service.txt
kubectl -n "$ns" get pod -o wide > /root/dns/pod.txt
