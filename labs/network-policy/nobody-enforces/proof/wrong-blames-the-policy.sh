# scores: 2 of 6
# fails: selected happens cause remedy
answer selected 0
answer allowed no
answer happens "it times out"
answer addon flannel
answer cause "its podSelector matches no Pod"
answer remedy "a restart of the kubelets"
