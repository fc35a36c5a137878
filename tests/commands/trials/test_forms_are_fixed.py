"""The forms of a trial stay what they were when its rule was written down."""

from pathlib import Path

from tests.casework import Run
from tests.trialled import QUINCE, designed


def test_no_sample_of_a_trial_is_moved_to_another_version_of_its_form(run: Run, workspace: Path) -> None:
    samples = designed(run, workspace, "--runs", "0")
    arm = next(arm for arm in (1, 2) if list((samples / f"pilot-{arm}" / "rubrics").glob("zzvariant*")))
    (workspace / "later.yaml").write_text(QUINCE.replace('"8.47"', '"9.0"'), encoding="utf-8", newline="\n")
    refused = run("rubric", "move", "later.yaml", "--sample", f"pilot-{arm}", "--reason", "better", "--as", "chair",
                  "--yes", folder=workspace)
    assert refused.code == 4 and "the forms of a trial are fixed" in refused.err
    assert len(list((samples / f"pilot-{arm}" / "rubrics").iterdir())) == 1
