# scores: 8 of 11
# fails: other-pods pods-kept
# because pods-kept: debug was edited: metadata.labels.app
kubectl -n $front label pod debug app=$front --overwrite
set -- $order
kubectl replace -f /root/netpol/policy-$1.yaml || kubectl create -f /root/netpol/policy-$1.yaml
