# scores: 10 of 11
# fails: namespaces-kept
# because namespaces-kept: was edited: metadata.labels.app
set -- $order
kubectl apply -f /root/netpol/policy-$3.yaml
kubectl label namespace $front app=$front
