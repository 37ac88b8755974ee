answer selected "$(kubectl -n $ns get pods -l app=db --no-headers | wc -l)"
answer allowed no
answer happens "it gets an answer"
answer addon flannel
answer cause "nobody in this cluster enforces policies"
answer remedy "a network add-on such as calico"
