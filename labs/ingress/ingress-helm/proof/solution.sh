helm repo add ingress-nginx https://kubernetes.github.io/ingress-nginx
helm install "$edge" ingress-nginx/ingress-nginx -n "$edge" --create-namespace --set controller.replicaCount=2 --set controller.ingressClassResource.name="$edge" --set controller.service.type=NodePort --set controller.service.nodePorts.http=$nodePort
kubectl -n "$edge" rollout status deployment "$edge-ingress-nginx-controller"
kubectl -n "$ns" create ingress "$app" --class="$edge" --rule="$host/*=$app:80"
