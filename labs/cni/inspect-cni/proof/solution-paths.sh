answer file "/etc/cni/net.d/10-flannel.conflist"
answer first-plugin "$(ssh node01 "grep -m1 '\"type\"' /etc/cni/net.d/10-flannel.conflist" | cut -d'"' -f4)"
answer delegate "$(ssh node01 brctl show | awk 'NR==2{print $1}')"
answer leases host-local
answer missing-program "$old"
answer range "$(ssh node01 sed -n 's/FLANNEL_SUBNET=//p' /run/flannel/subnet.env | sed 's#\.1/#.0/#')"
answer endpoint "$(ssh node01 ps aux | grep -o 'container-runtime-endpoint=[^ ]*' | head -1 | cut -d= -f2)"
answer network-policy no
