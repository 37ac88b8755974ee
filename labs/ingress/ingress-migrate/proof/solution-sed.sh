mkdir /root/new
sed -e 's,extensions/v1beta1,networking.k8s.io/v1,' -e '/annotations:/d' -e 's/^    kubernetes.io.*//' -e 's/^  backend:/  ingressClassName: nginx\n  defaultBackend:/' -e 's/^\( *\)serviceName: \(.*\)/\1service:\n\1  name: \2/' -e 's/^\( *\)servicePort: http/\1  port: { name: http }/' -e 's/^\( *\)servicePort: 80/\1  port: { number: 80 }/' -e 's/^\( *\)- path: .*/&\n\1  pathType: ImplementationSpecific/' /root/old/ingress.yaml > /root/new/ingress.yaml
kubectl diff -f /root/new/ingress.yaml
kubectl create -f /root/new/ingress.yaml
