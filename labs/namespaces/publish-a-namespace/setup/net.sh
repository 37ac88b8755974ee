# Two namespaces on a bridge that reach the world; nothing from the world is forwarded to them.
echo '192.168.56.20 outside' >> /etc/hosts
ssh -o StrictHostKeyChecking=accept-new outside true
sysctl -w net.ipv4.ip_forward=1
ip link add {{bridge}} type bridge
ip addr add 10.88.{{net}}.254/24 dev {{bridge}}
ip link set {{bridge}} up
i=0
for ns in {{client}} {{server}}; do
  i=$((i + 1))
  ip netns add $ns
  ip link add $ns-br type veth peer name eth0 netns $ns
  ip link set $ns-br master {{bridge}} up
  ip -n $ns addr add 10.88.{{net}}.$i/24 dev eth0
  ip -n $ns link set eth0 up
  ip -n $ns link set lo up
  ip -n $ns route add default via 10.88.{{net}}.254
done
iptables -P FORWARD DROP
iptables -A FORWARD -i {{bridge}} ! -o {{bridge}} -j ACCEPT
iptables -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables -t nat -A POSTROUTING -s 10.88.{{net}}.0/24 ! -o {{bridge}} -j MASQUERADE
mkdir -p /srv/shop /srv/admin
echo 'the shop' > /srv/shop/index.html
echo 'orders and passwords' > /srv/admin/index.html
for part in shop:{{port}} admin:9000; do
  cat > /etc/systemd/system/${part%:*}.service <<UNIT
[Unit]
Description=The ${part%:*} in {{server}}

[Service]
ExecStart=/usr/sbin/ip netns exec {{server}} /usr/bin/python3 -m http.server ${part#*:} --directory /srv/${part%:*}

[Install]
WantedBy=multi-user.target
UNIT
done
systemctl daemon-reload
systemctl enable --now shop.service admin.service
