# scores: 2 of 9
# fails: names friend stranger
cat > /tmp/10-bridge.conf <<EOF
{ "cniVersion": "0.3.1", "name": "pods", "type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true,
  "ipam": { "type": "host-local", "subnet": "SUBNET", "routes": [{ "dst": "0.0.0.0/0" }] } }
EOF
sed s#SUBNET#10.244.0.0/24# /tmp/10-bridge.conf > /etc/cni/net.d/10-bridge.conf
sed s#SUBNET#10.244.1.0/24# /tmp/10-bridge.conf | ssh node01 "cat > /etc/cni/net.d/10-bridge.conf"
