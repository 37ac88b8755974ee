# scores: 2 of 9
# fails: served class two no-balancer
# because served: 404
helm repo add ingress-nginx https://kubernetes.github.io/ingress-nginx
helm install "$edge" ingress-nginx/ingress-nginx -n "$edge" --create-namespace --set controller.service.type=NodePort --set controller.service.nodePorts.http=$nodePort
kubectl -n "$edge" rollout status deployment "$edge-ingress-nginx-controller"
kubectl -n "$ns" create ingress "$app" --rule="$host/*=$app:80"
