"""Storage: the ledger on DynamoDB and files on S3; the only package that imports boto3 or Powertools."""
