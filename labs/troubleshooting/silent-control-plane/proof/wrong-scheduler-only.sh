# scores: 0 of 7
# fails: api scheduled scheduler kept
# because api: refused
sed -i 's/--leader-elect=yes/--leader-elect=true/' /etc/kubernetes/manifests/kube-scheduler.yaml
sleep 40
