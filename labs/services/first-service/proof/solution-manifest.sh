cat > service.yaml <<YAML
apiVersion: v1
kind: Service
metadata:
  name: $app
  namespace: $ns
spec:
  selector:
    tier: front
  ports:
    - name: page
      protocol: TCP
      port: 80
      targetPort: $port
YAML
kubectl apply -f service.yaml
kubectl -n "$clientNs" run once --image=busybox:1.28 --restart=Never -- sleep 1000
kubectl -n "$clientNs" wait --for=condition=Ready pod/once
kubectl -n "$clientNs" exec once -- wget -qO- "http://$app.$ns.svc.cluster.local/" | tee page.txt
kubectl -n "$clientNs" delete pod once --now
