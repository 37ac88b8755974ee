# scores: 4 of 8
# fails: member front reverse alias
answer addresses "$replicas"
answer member "$(dig +short @10.96.0.10 $db-0.$db.$ns.svc.cluster.local)"
answer port "$port"
answer target "$db-0.$db.$ns.svc.cluster.local"
answer front None
answer reverse "$db-read"
answer ndots after
answer alias legacy
