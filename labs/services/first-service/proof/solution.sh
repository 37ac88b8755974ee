kubectl -n "$ns" expose deployment "$app" --port=80 --target-port="$port"
kubectl -n "$clientNs" run try --image=busybox:1.28 -it --rm --restart=Never -- wget -qO- "http://$app.$ns/" > /root/page.txt
