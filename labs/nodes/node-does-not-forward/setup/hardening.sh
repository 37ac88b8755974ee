cat > /etc/sysctl.d/{{file}}.conf <<'CONF'
# Servers are no routers (security audit, finding 17).
net.ipv4.ip_forward = 0
net.ipv4.conf.all.accept_redirects = 0
net.ipv4.conf.all.send_redirects = 0
CONF
sysctl -p /etc/sysctl.d/{{file}}.conf
