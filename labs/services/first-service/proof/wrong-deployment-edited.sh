# scores: 9 of 10
# fails: deployments-kept
# because deployments-kept: was edited: spec.template.spec.containers
kubectl -n "$ns" patch deployment "$app" --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/args/0","value":"-listen=:8080"}]'
kubectl -n "$ns" rollout status deployment "$app"
kubectl -n "$ns" expose deployment "$app" --port=80 --target-port=8080
kubectl -n "$clientNs" run try --image=busybox:1.28 -it --rm --restart=Never -- wget -qO- "http://$app.$ns/" > /root/page.txt
