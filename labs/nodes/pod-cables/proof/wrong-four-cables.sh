# scores: 4 of 8
# fails: bridge cable ports
answer bridge flannel.1
answer bridge-address 10.244.1.1
answer cable "$(kubectl -n "$ns" exec "$pod" -- ip -o link show eth0 | sed 's/.*\(eth0@if[0-9]*\):.*/\1/')"
answer mac "$(kubectl -n "$ns" exec "$pod" -- cat /sys/class/net/eth0/address)"
answer ports 4
answer gateway 10.244.1.1
answer agent eth0
