"""Where the shipped rubrics and the synthetic export are: in the checkout when there is one, else in the package."""

from pathlib import Path
from typing import Literal


def shipped(folder: Literal["rubrics", "samples"]) -> Path:
    """The folder of shipped files. A wheel carries both under `cqa/shipped`; a checkout has them at its top."""
    package = Path(__file__).resolve().parent.parent
    checkout = package.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / folder).is_dir():
        return checkout / folder
    return package / "shipped" / folder
