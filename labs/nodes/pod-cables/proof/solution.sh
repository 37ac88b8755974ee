answer bridge "$(ssh node01 ip -o link show type bridge | awk -F': ' '{print $2}')"
answer bridge-address "$(ssh node01 ip -4 -o addr show cni0 | awk '{print $4}')"
number=$(kubectl -n "$ns" exec "$pod" -- ip link show eth0 | sed -n 's/.*eth0@if\([0-9]*\):.*/\1/p')
answer cable "$(ssh node01 ip -o link | grep "^$number:" | sed 's/^[0-9]*: \([^@]*\)@.*/\1/')"
answer mac "$(kubectl -n "$ns" exec "$pod" -- ip link show eth0 | awk '/ether/ {print $2}')"
answer ports "$(ssh node01 ip -o link show master cni0 | wc -l)"
answer gateway "$(kubectl -n "$ns" exec "$pod" -- ip route | awk '/^default/ {print $3}')"
answer agent eth0
