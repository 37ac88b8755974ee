# scores: 3 of 7
# fails: answers kept
# because answers: its selector
mv /root/kube-controller-manager.yaml /etc/kubernetes/manifests/
sleep 30
