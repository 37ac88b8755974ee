# scores: 9 of 10
# fails: set-kept
# because set-kept: was edited
kubectl apply -f - <<YAML
apiVersion: v1
kind: Service
metadata: { name: $db-peers, namespace: $ns }
spec:
  clusterIP: None
  selector: { app: $db }
  ports: [{ port: 80 }]
YAML
kubectl -n "$ns" patch statefulset "$db" --type=json -p '[{"op":"remove","path":"/spec/template/spec/containers/0/readinessProbe"}]'
kubectl -n "$ns" rollout status statefulset "$db"
