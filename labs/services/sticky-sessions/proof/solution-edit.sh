KUBE_EDITOR="sed -i 's/sessionAffinity: None/sessionAffinity: ClientIP/'" kubectl -n "$ns" edit service "$app"
kubectl -n "$ns" get service "$app" -o yaml | sed "s/timeoutSeconds: .*/timeoutSeconds: $((minutes * 60))/" | kubectl replace -f -
