address=$(kubectl -n "$ns" get pod "$pod" -o jsonpath='{.status.podIP}')
ssh node01
answer bridge cni0
answer bridge-address "$(ip route | awk '/dev cni0/ {print $NF}')"
answer gateway "$(ip route | awk '/dev cni0/ {print $NF}')"
answer ports "$(bridge link | grep -c 'master cni0')"
exit
answer mac "$(ssh node01 "ping -c 1 $address >/dev/null; ip neigh show $address" | awk '{print $5}')"
answer cable "$(ssh node01 "ping -c 1 $address >/dev/null; bridge fdb show br cni0" | awk -v mac="$(ssh node01 ip neigh show "$address" | awk '{print $5}')" '$1 == mac {print $3}')"
answer agent eth0
