answer scheduler "$(ss -tlnp | grep kube-scheduler | awk '{print $4}')"
answer on-10257 "$(ps -o args= -p "$(ss -Htlnp 'sport = :10257' | sed 's/.*pid=\([0-9]*\).*/\1/')" | awk '{print $1}')"
answer etcd-clients "$(grep -o -- '--etcd-servers=.*' /etc/kubernetes/manifests/kube-apiserver.yaml | cut -d: -f3)"
answer etcd-peers "$(ss -Htn state established 'sport = :2380' | wc -l)"
answer etcd-metrics "$(ss -Htlnp | grep etcd | grep 127.0.0.1 | grep -v :2379 | awk '{sub(/.*:/, "", $4); print $4}')"
answer kubelet "$(kubectl get node node01 -o jsonpath='{.status.daemonEndpoints.kubeletEndpoint.Port}')"
answer open 10256
answer node-port 0
