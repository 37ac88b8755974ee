kubectl -n $ns exec guest -- wget -qO- -T 2 http://db/ && answer happens "it gets an answer"
answer addon "$(ls /etc/cni/net.d | sed 's/^10-//; s/\.conflist$//')"
answer selected "$(kubectl -n $ns get endpointslices -l kubernetes.io/service-name=db -o jsonpath='{.items[*].endpoints[*].addresses[0]}' | wc -w)"
answer allowed no
answer cause "nobody in this cluster enforces policies"
answer remedy "a network add-on such as calico"
