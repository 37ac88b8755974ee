set -- $order
kubectl apply -f /root/netpol/policy-$1.yaml
