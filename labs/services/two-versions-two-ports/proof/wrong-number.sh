# scores: 3 of 9
# fails: web metrics versions-kept
# because web: nothing listens on port
kubectl apply -f - <<YAML
apiVersion: v1
kind: Service
metadata:
  name: $app
  namespace: $ns
spec:
  selector:
    app: $app
  ports:
    - { name: web, port: 80, targetPort: $oldPort }
    - { name: stats, port: 9100 }
YAML
