kubectl -n $ns get deploy $app -o json | jq --arg s $sidePort '.spec.template.spec |= (.initContainers=[.containers[]|select(.name=="metrics")|.args[0]="-listen=:"+$s|.restartPolicy="Always"] | .containers|=map(select(.name!="metrics")))' | kubectl replace -f -
kubectl -n $ns get svc $app -o json | jq --arg s $sidePort '.spec.ports += [{name:"metrics",port:($s|tonumber),targetPort:($s|tonumber)}]' | kubectl replace -f -
kubectl -n $ns rollout status deploy $app
