# scores: 7 of 10
# fails: page-saved inside-only
# because inside-only: (type NodePort)
kubectl -n "$ns" expose deployment "$app" --port=80 --target-port="$port" --type=NodePort
kubectl -n "$clientNs" run try --image=busybox:1.28 -it --rm --restart=Never -- wget -qO- "http://$app/" > /root/page.txt
