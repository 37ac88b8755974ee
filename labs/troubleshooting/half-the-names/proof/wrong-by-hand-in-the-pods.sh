# scores: 8 of 10
# fails: new-pods
# because new-pods: exit code 1
kubectl -n kube-system patch networkpolicy coredns-clients --type=json -p '[{"op":"replace","path":"/spec/ingress/0/from/0/namespaceSelector","value":{}}]'
for pod in $(kubectl -n $ns get pods -l app=sorter -o name); do kubectl -n $ns exec $pod -- sh -c 'sed "s/^nameserver.*/nameserver 10.96.0.10/" /etc/resolv.conf > /tmp/r; cat /tmp/r > /etc/resolv.conf'; done
