# scores: 3 of 7
# fails: second nothing-else one-door
# because one-door: new
kubectl -n "$ns" create ingress shops --class=nginx --rule="/*=$a-service:$pa"
kubectl -n "$ns" expose deployment "$b" --name=open --type=NodePort --port=80 --target-port=8080
