# scores: 0 of 10
# fails: answers all-pods page-saved deployments-kept inside-only
# because answers: nothing listens on port 80 in Pod
# because page-saved: Connection refused
kubectl -n "$ns" expose deployment "$app" --port=80
kubectl -n "$clientNs" run try --image=busybox:1.28 -it --rm --restart=Never -- wget -T 2 -qO- "http://$app.$ns/" > /root/page.txt
