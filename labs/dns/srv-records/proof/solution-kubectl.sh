kubectl -n "$ns" exec client -- nslookup "$db.$ns.svc.cluster.local"
answer addresses "$(kubectl -n "$ns" get endpointslices -l "kubernetes.io/service-name=$db" -o jsonpath='{range .items[*].endpoints[*]}{.addresses[0]}{"\n"}{end}' | wc -l)"
answer member "$(kubectl -n "$ns" exec client -- nslookup "$db-1.$db.$ns.svc.cluster.local" | awk '/^Address/ {last = $2} END {print last}')"
answer port "$(kubectl -n "$ns" get svc "$db" -o jsonpath='{.spec.ports[?(@.name=="sql")].port}')"
answer target "$(kubectl -n "$ns" exec client -- nslookup -type=srv "_sql._tcp.$db.$ns.svc.cluster.local" | awk '/service = / {print $NF}' | grep "^$db-0")"
answer front "$(kubectl -n "$ns" get svc "$db-read" --no-headers | awk '{print $3}')"
answer reverse "$(kubectl run test --image=busybox:1.28 --rm -it --restart=Never -- nslookup "$db-read.$ns.svc.cluster.local" | awk '/^Address 1/ {last = $4} END {print last}')"
answer ndots after
answer alias "$db.example.com"
