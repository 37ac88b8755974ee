kubectl -n "$ns" label pods -l 'version in (stable,next)' serves=pages
for d in "$app" "$app-next"; do kubectl -n "$ns" patch deployment "$d" -p '{"spec":{"template":{"metadata":{"labels":{"serves":"pages"}}}}}'; done
kubectl -n "$ns" scale deployment "$app" --replicas=4
kubectl -n "$ns" patch service "$app" --type=json -p '[{"op":"replace","path":"/spec/selector","value":{"serves":"pages"}}]'
kubectl -n "$ns" rollout status deployment "$app"
