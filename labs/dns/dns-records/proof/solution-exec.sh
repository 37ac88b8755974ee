kubectl apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata: { name: $app, namespace: $ns, labels: { name: $app } }
spec: { containers: [ { name: web, image: "nginx:1.27" } ] }
---
apiVersion: v1
kind: Service
metadata: { name: $app-svc, namespace: $ns }
spec: { selector: { name: $app }, ports: [ { port: $port, targetPort: 80 } ] }
YAML
kubectl -n "$ns" run asker --image=busybox:1.28 -- sleep 3600
kubectl -n "$ns" wait --for=condition=Ready pod --all
kubectl -n "$ns" exec asker -- nslookup "$app-svc" | tee /root/dns/service.txt
kubectl -n "$ns" get pod "$app" -o wide
kubectl -n "$ns" exec asker -- nslookup "$(kubectl -n "$ns" get pod "$app" -o wide --no-headers | awk '{print $6}' | tr . -).$ns.pod.cluster.local" | tee /root/dns/pod.txt
