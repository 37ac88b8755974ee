# scores: 8 of 9
# fails: versions-kept
# because versions-kept: was edited: spec.template.spec.containers
kubectl -n "$ns" patch deployment "$app-v1" --type=json -p "[{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/args/0\",\"value\":\"-listen=:$newPort\"},{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/ports/0/containerPort\",\"value\":$newPort}]"
kubectl -n "$ns" rollout status deployment "$app-v1"
kubectl apply -f - <<YAML
apiVersion: v1
kind: Service
metadata:
  name: $app
  namespace: $ns
spec:
  selector: { app: $app }
  ports:
    - { name: web, port: 80, targetPort: $newPort }
    - { name: stats, port: 9100, targetPort: metrics }
YAML
