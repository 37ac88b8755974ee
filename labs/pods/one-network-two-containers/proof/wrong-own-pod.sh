# scores: 5 of 10
# fails: metrics same-pod
kubectl -n "$ns" patch deployment "$app" --type=json -p '[{"op":"remove","path":"/spec/template/spec/containers/1"}]'
kubectl -n "$ns" create deployment "$app-metrics" --image=hashicorp/http-echo:1.0 -- /http-echo "-listen=:$sidePort" "-text=$app metrics"
kubectl -n "$ns" expose deployment "$app-metrics" --port="$sidePort"
kubectl -n "$ns" rollout status deployment "$app"
