# scores: 7 of 8
# fails: apps-kept
# because apps-kept: was edited: metadata.labels.app
set -- $order
kubectl apply -f /root/netpol/policy-$3.yaml
kubectl label namespace $front app=$front
