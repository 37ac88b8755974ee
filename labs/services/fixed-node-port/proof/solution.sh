kubectl -n "$oldNs" patch svc "$old" -p '{"spec":{"type":"ClusterIP"}}'
kubectl apply -f - <<YAML
apiVersion: v1
kind: Service
metadata:
  name: $app
  namespace: $ns
spec:
  type: NodePort
  selector:
    app: $app
  ports:
    - port: 80
      targetPort: web
      nodePort: $nodePort
YAML
ssh node01 iptables -t mangle -F PREROUTING
