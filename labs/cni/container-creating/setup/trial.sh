# Somebody tried another plugin, and tidied up half of it.
cat > /etc/cni/net.d/05-{{old}}.conflist <<'CONF'
{
  "cniVersion": "0.3.1",
  "name": "trial",
  "plugins": [
    { "type": "{{old}}" },
    { "type": "portmap", "capabilities": { "portMappings": true } }
  ]
}
CONF
chmod 644 /opt/cni/bin/flannel
