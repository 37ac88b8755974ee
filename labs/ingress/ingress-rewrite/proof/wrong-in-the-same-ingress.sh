# scores: 6 of 9
# fails: site ingress-kept
# because ingress-kept: was 
kubectl -n "$ns" get ingress site -o json | jq --arg p "/$prefix(/|\$)(.*)" --arg a "$app" '.metadata.annotations += {"nginx.ingress.kubernetes.io/rewrite-target": "/$2", "nginx.ingress.kubernetes.io/use-regex": "true"} | .spec.rules[0].http.paths += [{path: $p, pathType: "ImplementationSpecific", backend: {service: {name: $a, port: {number: 80}}}}]' > site.json
kubectl replace -f site.json
