# scores: 9 of 10
# fails: headless
kubectl apply -f - <<YAML
apiVersion: v1
kind: Service
metadata: { name: $db-peers, namespace: $ns }
spec:
  publishNotReadyAddresses: true
  selector: { app: $db }
  ports: [{ port: 80 }]
YAML
kubectl -n "$ns" rollout status statefulset "$db"
