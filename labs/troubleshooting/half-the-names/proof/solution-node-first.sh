ssh node01
vi /var/lib/kubelet/config.yaml
:%s/10\.96\.0\.1[01]0*$/10.96.0.10/
:%s/10\.96\.10\.10$/10.96.0.10/
:wq
systemctl restart kubelet
exit
kubectl -n $ns delete pods -l app=sorter
kubectl -n $ns wait --for=condition=Ready pod -l app=sorter
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: coredns-clients, namespace: kube-system }
spec:
  podSelector: { matchLabels: { k8s-app: kube-dns } }
  ingress: [{ ports: [{ port: dns, protocol: UDP }, { port: dns-tcp }] }]
YAML
