# scores: 4 of 6
# fails: allowed addon
answer selected "$(kubectl -n $ns get pods -l app=db --no-headers | wc -l)"
answer allowed yes
answer happens "it gets an answer"
answer addon calico
answer cause "nobody in this cluster enforces policies"
answer remedy "a network add-on such as calico"
