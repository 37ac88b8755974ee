rm /etc/cni/net.d/10-flannel.conflist
chmod 755 /opt/cni/bin/{{plugin}}
cat > /etc/cni/net.d/10-{{plugin}}.conflist <<'CONF'
{
  "cniVersion": "0.3.1",
  "name": "{{plugin}}",
  "plugins": [
    { "type": "{{plugin}}", "bridge": "{{plugin}}0", "prefix": "10.244.1" },
    { "type": "portmap", "capabilities": { "portMappings": true } }
  ]
}
CONF
