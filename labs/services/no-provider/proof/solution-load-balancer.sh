kubectl -n "$ns" get service "$app" -o json | jq '{apiVersion, kind, metadata: {name: .metadata.name, namespace: .metadata.namespace}, spec: {type: .spec.type, selector: .spec.selector, ports: [{port: 80, targetPort: .spec.ports[0].targetPort}], externalIPs: ["172.30.2.2"], allocateLoadBalancerNodePorts: false}}' > new.json
kubectl -n "$ns" delete service "$app"
kubectl create -f new.json
