# scores: 9 of 10
# fails: inside-only
# because inside-only: belongs to Service
kubectl -n "$ns" expose deployment "$app" --port=80 --target-port="$port" --external-ip=172.30.2.2
kubectl -n "$clientNs" run -it --rm try --image=busybox:1.28 --restart=Never -- wget -qO- "http://$app.$ns/" > /root/page.txt
