# scores: 7 of 8
# fails: pods-kept
# because pods-kept: was edited: spec.template
kubectl -n $ns patch ingress manual --type=json -p '[{"op":"replace","path":"/spec/rules/0/http/paths/0/backend/service/port/number","value":8080}]'
kubectl -n $ns patch deployment manual --type=json -p '[{"op":"add","path":"/spec/template/spec/containers/0/command","value":["sh","-c","cp /usr/share/nginx/html/index.html /usr/share/nginx/html/'$path'; exec nginx -g \"daemon off;\""]}]'
kubectl -n $ns rollout status deployment manual
