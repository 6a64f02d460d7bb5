"""Runs on the Python of SAM: prints, as JSON, what SAM's translator makes of a template with these parameters.

.venv-sam/bin/python tests/deployed/translation.py template.yaml Deployment=Canary10Percent5Minutes
"""

import json
import sys
from pathlib import Path

from samcli.lib.translate.sam_template_validator import SamTemplateValidator
from samcli.yamlhelper import yaml_parse


class NoPolicies:
    """The template names managed policies by their ARN, so IAM need not be asked for their names."""

    def load(self) -> dict[str, str]:
        return {}


template = yaml_parse(Path(sys.argv[1]).read_text())
parameters = dict(setting.split("=") for setting in sys.argv[2:])
validator = SamTemplateValidator(template, NoPolicies(), region="eu-west-1", parameter_overrides=parameters)
json.dump(yaml_parse(validator.get_translated_template_if_valid()), sys.stdout)
