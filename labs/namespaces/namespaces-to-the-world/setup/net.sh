# Two namespaces on a bridge. As on a host with Docker, nothing is forwarded unless a rule allows it.
echo '192.168.56.20 outside' >> /etc/hosts
ssh -o StrictHostKeyChecking=accept-new outside true
ip link add {{bridge}} type bridge
ip addr add 10.77.{{net}}.254/24 dev {{bridge}}
ip link set {{bridge}} up
i=0
for ns in {{left}} {{right}}; do
  i=$((i + 1))
  ip netns add $ns
  ip link add $ns-br type veth peer name eth0 netns $ns
  ip link set $ns-br master {{bridge}} up
  ip -n $ns addr add 10.77.{{net}}.$i/24 dev eth0
  ip -n $ns link set eth0 up
  ip -n $ns link set lo up
done
iptables -P FORWARD DROP
mkdir -p /srv/page
cat > /etc/systemd/system/page.service <<'UNIT'
[Unit]
Description=The page of {{right}}

[Service]
ExecStart=/usr/sbin/ip netns exec {{right}} /usr/bin/python3 -m http.server {{port}} --directory /srv/page

[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl enable --now page.service
