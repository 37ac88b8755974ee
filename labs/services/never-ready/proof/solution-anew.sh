kubectl -n "$ns" get deployment "$app" -o yaml | sed "s#path: /echo.*#path: /healthz#; s#port: $wrong#port: http#" | kubectl replace --force -f -
