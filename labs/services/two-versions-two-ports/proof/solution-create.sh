kubectl -n "$ns" create service clusterip "$app" --tcp=80:http --tcp=9100:metrics
KUBE_EDITOR="sed -i -e 's/name: 80-http/name: web/' -e 's/name: 9100-metrics/name: stats/'" kubectl -n "$ns" edit service "$app"
