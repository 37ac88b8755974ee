# scores: 6 of 12
# fails: data secret-data services-kept
# because data: 500
kubectl label ns "$ns" gateway.example.org/access=granted
kubectl -n "$ns" patch httproute "$site" --type merge -p "{\"spec\":{\"hostnames\":[\"$site.$domain\"]}}"
