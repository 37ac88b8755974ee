zone=$ns.svc.cluster.local
answer addresses "$(dig +short @10.96.0.10 $db.$zone | wc -l)"
answer member "$(dig +short @10.96.0.10 $db-1.$db.$zone)"
answer port "$(dig +short @10.96.0.10 _sql._tcp.$db.$zone SRV | head -1 | cut -d' ' -f3)"
answer target "$(dig +short @10.96.0.10 _sql._tcp.$db.$zone SRV | cut -d' ' -f4 | grep "^$db-0")"
answer front "$(dig +short @10.96.0.10 $db-read.$zone)"
answer reverse "$(dig +short @10.96.0.10 -x "$(dig +short @10.96.0.10 $db-read.$zone)")"
answer ndots after
answer alias "$(dig +short @10.96.0.10 legacy.$zone CNAME)"
