"""Saldo on AWS: the only place that imports boto3 or Powertools."""
