"""The contract document (OpenAPI 3.1), made from template.yaml, the handlers' signatures and their models."""
