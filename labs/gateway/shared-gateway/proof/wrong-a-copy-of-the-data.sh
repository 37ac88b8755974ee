# scores: 11 of 12
# fails: services-kept
kubectl label ns "$ns" gateway.example.org/access=granted
kubectl -n "$ns" patch httproute "$site" --type merge -p "{\"spec\":{\"hostnames\":[\"$site.$domain\"]}}"
kubectl -n "$ns" create deployment data --image=hashicorp/http-echo:1.0 -- /http-echo "-text=public data"
kubectl -n "$ns" expose deployment data --port=80 --target-port=5678
kubectl -n "$ns" patch httproute "$site" --type=json -p '[{"op":"replace","path":"/spec/rules/1/backendRefs","value":[{"name":"data","port":80}]}]'
