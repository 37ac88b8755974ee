ssh node01
ls /etc/cni/net.d /opt/cni/bin
answer file 10-flannel.conflist
answer first-plugin "$(jq -r '.plugins[0].type' /etc/cni/net.d/10-flannel.conflist)"
answer delegate "$(ip -o link show type bridge | awk -F': ' '{print $2}')"
answer leases host-local
for type in $(cat /etc/cni/net.d/* | jq -r '.. | .type? // empty'); do [ -e /opt/cni/bin/$type ] || answer missing-program $type; done
answer range "$(. /run/flannel/subnet.env; echo ${FLANNEL_SUBNET%.1/24}.0/24)"
answer endpoint "$(ps -aux | grep -o -- '--container-runtime-endpoint=[^ ]*' | head -1 | cut -d= -f2)"
answer network-policy no
