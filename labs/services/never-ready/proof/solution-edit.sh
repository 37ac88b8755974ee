KUBE_EDITOR="sed -i -e 's#path: /echo.*#path: /healthz#' -e 's/port: $wrong/port: $port/'" kubectl -n "$ns" edit deployment "$app"
kubectl -n "$ns" rollout status deployment "$app"
