# scores: 8 of 10
# fails: all-pods
# because all-pods: -batch-
kubectl -n "$ns" create service clusterip "$app" --tcp="80:$port"
kubectl -n "$clientNs" run try --image=busybox:1.28 -it --rm --restart=Never -- sh -c "for i in 1 2 3 4 5 6 7 8 9; do wget -qO- http://$app.$ns/; done" > /root/page.txt
