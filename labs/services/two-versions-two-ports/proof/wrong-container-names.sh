# scores: 8 of 9
# fails: stats-name
# because stats-name: no TCP port of Service
kubectl apply -f - <<YAML
apiVersion: v1
kind: Service
metadata:
  name: $app
  namespace: $ns
spec:
  selector: { app: $app }
  ports:
    - { name: web, port: 80, targetPort: http }
    - { name: metrics, port: 9100, targetPort: metrics }
YAML
