kubectl -n "$ns" get deployment "$app" -o json | jq 'del(.spec.replicas, .spec.strategy, .spec.progressDeadlineSeconds, .status) | .kind="DaemonSet"' > ds.json
kubectl -n "$ns" delete deployment "$app"
kubectl -n "$ns" apply -f ds.json
kubectl -n "$ns" delete svc "$app"
kubectl apply -f - <<YAML
apiVersion: v1
kind: Service
metadata: { name: $app, namespace: $ns }
spec:
  type: NodePort
  externalTrafficPolicy: Local
  selector: { app: $app }
  ports: [{ port: 80, targetPort: 8080, nodePort: $nodePort }]
YAML
answer controlplane "silence"
