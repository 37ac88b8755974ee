# scores: 9 of 10
# fails: tcp
ssh node01 "sed -i 's/$wrong/10.96.0.10/' /var/lib/kubelet/config.yaml; systemctl restart kubelet"
kubectl -n kube-system patch netpol coredns-clients --type=json -p '[{"op":"replace","path":"/spec/ingress","value":[{"from":[{"namespaceSelector":{}}],"ports":[{"port":53,"protocol":"UDP"}]}]}]'
kubectl -n $ns delete pods -l app=sorter
