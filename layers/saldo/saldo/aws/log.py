"""The log: JSON lines that say which route was answered and how, never what was sent."""

from aws_lambda_powertools import Logger

logger = Logger(service="saldo")
