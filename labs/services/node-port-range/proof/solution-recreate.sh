sed -i 's/    - kube-apiserver$/&\n    - --service-node-port-range=20000-22767/' /etc/kubernetes/manifests/kube-apiserver.yaml
sleep 45
kubectl -n "$ns" delete service "$app"
kubectl -n "$ns" expose deployment "$app" --type=NodePort --port=80 --target-port=5678 --overrides="{\"spec\":{\"ports\":[{\"port\":80,\"targetPort\":5678,\"nodePort\":$nodePort}]}}"
