"""The HTTP edge: an event of API Gateway is checked against the models that a handler names, and its answer or
problem becomes what the gateway sends. It may use storage; storage knows nothing of it."""
