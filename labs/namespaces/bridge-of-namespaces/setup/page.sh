# Two namespaces as they are born, and a page in the second one.
ip netns add {{left}}
ip netns add {{right}}
for ns in {{left}} {{right}}; do ip -n $ns link set lo up; done
mkdir -p /srv/page
echo 'page of {{right}}' > /srv/page/index.html
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
