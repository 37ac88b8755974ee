# scores: 6 of 9
# fails: port-names stats-name
# because stats-name: not judged, because port-names failed
kubectl -n "$ns" create service clusterip "$app" --tcp=80:http --tcp=9100:metrics
