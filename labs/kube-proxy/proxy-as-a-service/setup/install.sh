set -e
# The DaemonSet leaves node01 out.
kubectl -n kube-system patch daemonset kube-proxy -p '{"spec":{"template":{"spec":{"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"kubernetes.io/hostname","operator":"NotIn","values":["node01"]}]}]}}}}}}}'
kubectl -n kube-system rollout status daemonset kube-proxy --timeout=60s
token=$(kubectl -n kube-system create token kube-proxy --duration=8760h)
kubectl -n kube-system get configmap kube-proxy -o jsonpath='{.data.config\.conf}' | sed 's/^mode: .*/mode: {{mode}}/' > /tmp/config.conf
cat > /tmp/kubeconfig.conf <<YAML
apiVersion: v1
kind: Config
clusters:
  - name: default
    cluster:
      certificate-authority: /etc/kubernetes/pki/ca.crt
      server: https://172.30.1.2:{{apiPort}}
contexts:
  - name: default
    context: { cluster: default, user: default }
current-context: default
users:
  - name: default
    user: { token: $token }
YAML
cat > /tmp/kube-proxy.service <<UNIT
[Unit]
Description=Kubernetes Kube Proxy
Documentation=https://kubernetes.io/docs/
After=network-online.target

[Service]
ExecStart=/usr/local/bin/kube-proxy --config=/var/lib/kube-proxy/config.conf --hostname-override=node01
StandardOutput=append:/var/log/kube-proxy.log
Restart=on-failure

[Install]
WantedBy=multi-user.target
UNIT
on() { ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR node01 "$@"; }
on mkdir -p /var/lib/kube-proxy
on curl -fsSL -o /usr/local/bin/kube-proxy https://dl.k8s.io/v1.33.1/bin/linux/amd64/kube-proxy
on chmod 755 /usr/local/bin/kube-proxy
for file in config.conf kubeconfig.conf; do on "cat > /var/lib/kube-proxy/$file" < /tmp/$file; done
on "cat > /etc/systemd/system/kube-proxy.service" < /tmp/kube-proxy.service
on systemctl daemon-reload
on systemctl start kube-proxy || true
rm /tmp/config.conf /tmp/kubeconfig.conf /tmp/kube-proxy.service
