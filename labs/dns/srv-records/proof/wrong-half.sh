# scores: 4 of 8
# fails: addresses port target ndots
answer addresses 1
answer member "$(dig +short @10.96.0.10 $db-1.$db.$ns.svc.cluster.local)"
answer port 5000
answer target "$db.$ns.svc.cluster.local"
answer front "$(dig +short @10.96.0.10 $db-read.$ns.svc.cluster.local)"
answer reverse "$db-read.$ns.svc.cluster.local"
answer ndots before
answer alias "$db.example.com"
