"""Creates the table and the bucket of template.yaml on an engine that has no CloudFormation."""

from typing import TYPE_CHECKING, Any

from local.template import Template

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import LifecycleRuleTypeDef


def create_table(template: Template, client: "DynamoDBClient", name: str) -> None:
    """Create the template's table with its index and its time to live, and wait until it exists."""
    client.create_table(TableName=name, **template.table)
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    client.update_time_to_live(TableName=name, TimeToLiveSpecification=template.time_to_live)  # type: ignore[arg-type]


def create_bucket(template: Template, client: "S3Client", name: str) -> None:
    """Create the template's bucket: private and encrypted, with expiry of its files and CORS."""
    properties = template.bucket
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    client.put_public_access_block(
        Bucket=name, PublicAccessBlockConfiguration=properties["PublicAccessBlockConfiguration"]
    )
    encryption = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    client.put_bucket_encryption(
        Bucket=name,
        ServerSideEncryptionConfiguration={
            "Rules": [
                {"ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"]} for rule in encryption
            ]
        },
    )
    client.put_bucket_lifecycle_configuration(
        Bucket=name,
        LifecycleConfiguration={
            "Rules": [_lifecycle_rule(rule) for rule in properties["LifecycleConfiguration"]["Rules"]]
        },
    )
    client.put_bucket_cors(
        Bucket=name,
        CORSConfiguration={
            "CORSRules": [
                {
                    "AllowedMethods": rule["AllowedMethods"],
                    "AllowedOrigins": rule["AllowedOrigins"],
                    "AllowedHeaders": rule["AllowedHeaders"],
                    "MaxAgeSeconds": rule["MaxAge"],
                }
                for rule in properties["CorsConfiguration"]["CorsRules"]
            ]
        },
    )


def _lifecycle_rule(rule: dict[str, Any]) -> "LifecycleRuleTypeDef":
    """A rule of the template as S3's API takes it."""
    converted: LifecycleRuleTypeDef = {
        "ID": rule["Id"],
        "Status": rule["Status"],
        "Filter": {"Prefix": rule.get("Prefix", "")},
        "Expiration": {"Days": rule["ExpirationInDays"]},
    }
    if "AbortIncompleteMultipartUpload" in rule:
        converted["AbortIncompleteMultipartUpload"] = rule["AbortIncompleteMultipartUpload"]
    return converted
