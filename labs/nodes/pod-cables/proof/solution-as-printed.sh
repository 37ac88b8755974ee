ssh node01 "ip a show cni0; brctl show" 
n=$(kubectl -n $ns exec $pod -- cat /sys/class/net/eth0/iflink)
answer bridge "$(ssh node01 'ls -d /sys/class/net/*/bridge' | cut -d/ -f5)"
answer bridge-address "$(ssh node01 ifconfig cni0 | awk '/inet /{print $2}')"
answer cable "$(ssh node01 ip -br link | awk '/^veth/{print $1}' | while read v; do i=$(ssh node01 cat /sys/class/net/${v%@*}/ifindex </dev/null); [ "$i" = "$n" ] && echo $v; done)"
answer mac "$(kubectl -n $ns exec $pod -- ifconfig eth0 | awk '/HWaddr|ether/ {print ($0 ~ /HWaddr/) ? $5 : $2}')"
answer ports "$(ssh node01 ls /sys/class/net/cni0/brif | wc -l)"
answer gateway "$(kubectl -n $ns exec $pod -- route -n | awk '/^0.0.0.0/ {print $2}')"
answer agent eth0
