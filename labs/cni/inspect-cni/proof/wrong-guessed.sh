# scores: 5 of 8
# fails: leases endpoint network-policy
answer file 10-flannel.conflist
answer first-plugin flannel
answer delegate cni0
answer leases portmap
answer missing-program "$old"
answer range 10.244.1.0/24
answer endpoint unix:///var/run/dockershim.sock
answer network-policy yes
