kubectl -n "$ns" patch svc cart --type merge -p "{\"spec\":{\"selector\":{\"app\":\"cart\"},\"ports\":[{\"name\":\"http\",\"port\":80,\"targetPort\":$port}]}}"
