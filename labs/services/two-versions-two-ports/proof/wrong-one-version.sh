# scores: 3 of 9
# fails: web metrics versions-kept
# because web: none of 60 connections ends at Pod
kubectl apply -f - <<YAML
apiVersion: v1
kind: Service
metadata:
  name: $app
  namespace: $ns
spec:
  selector: { app: $app, version: v2 }
  ports:
    - { name: web, port: 80, targetPort: http }
    - { name: stats, port: 9100, targetPort: metrics }
YAML
