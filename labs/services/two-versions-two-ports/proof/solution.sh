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
    - name: web
      port: 80
      targetPort: http
    - name: stats
      port: 9100
      targetPort: metrics
YAML
