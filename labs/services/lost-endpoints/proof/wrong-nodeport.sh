# scores: 5 of 6
# fails: not-opened
# because not-opened: belongs to Service
kubectl -n "$ns" patch svc cart --type merge -p "{\"spec\":{\"type\":\"NodePort\",\"selector\":{\"app\":\"cart\"},\"ports\":[{\"name\":\"http\",\"port\":80,\"targetPort\":$port}]}}"
