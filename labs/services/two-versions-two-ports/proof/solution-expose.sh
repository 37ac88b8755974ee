kubectl -n "$ns" expose deployment "$app-v1" --name="$app" --selector="app=$app" --port=80 --target-port=http --dry-run=client -o yaml > svc.yaml
sed -i 's/^  - port: 80/  - name: web\n    port: 80/' svc.yaml
kubectl create -f svc.yaml
kubectl -n "$ns" patch service "$app" --type=json -p '[{"op":"add","path":"/spec/ports/-","value":{"name":"stats","port":9100,"targetPort":"metrics"}}]'
