# scores: 0 of 9
# fails: first second rest manifest name
# because manifest: no matches for kind
mkdir /root/new
cp /root/old/ingress.yaml /root/new/ingress.yaml
kubectl apply -f /root/new/ingress.yaml
