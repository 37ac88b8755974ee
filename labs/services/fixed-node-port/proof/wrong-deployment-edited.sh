# scores: 9 of 10
# fails: deployment-kept
# because deployment-kept: was edited: spec.template.spec.containers
kubectl -n "$oldNs" patch svc "$old" -p '{"spec":{"type":"ClusterIP"}}'
kubectl -n "$ns" patch deployment "$app" --type=json -p '[{"op":"remove","path":"/spec/template/spec/containers/0/ports"}]'
kubectl -n "$ns" create service nodeport "$app" --tcp="80:$port" --node-port="$nodePort"
ssh node01 iptables -t mangle -F PREROUTING
