# A scheduler on a port of its own: what is in books does not answer the question.
cd /etc/kubernetes/manifests
sed -e 's/10259/{{port}}/' -e 's/^    - --leader-elect=true/&\n    - --secure-port={{port}}/' kube-scheduler.yaml > /root/kube-scheduler.yaml
mv /root/kube-scheduler.yaml kube-scheduler.yaml
