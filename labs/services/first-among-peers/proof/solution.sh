kubectl apply -f - <<YAML
apiVersion: v1
kind: Service
metadata:
  name: $db-peers
  namespace: $ns
spec:
  clusterIP: None
  publishNotReadyAddresses: true
  selector:
    app: $db
  ports:
    - name: http
      port: 80
YAML
kubectl -n "$ns" rollout status statefulset "$db"
