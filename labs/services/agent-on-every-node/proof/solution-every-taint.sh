kubectl -n "$ns" get daemonset "$agent" -o yaml > ds.yaml
kubectl -n "$ns" delete daemonset "$agent"
sed -i 's/^      containers:/      tolerations:\n      - operator: Exists\n      containers:/' ds.yaml
kubectl apply -f ds.yaml
