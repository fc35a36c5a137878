"""The schema for editors and the reader of rubrics know the same keys, for they are made from one list."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cqa.commands.rubrics.rubric_schema import schema_bytes
from cqa.files.shipped import shipped
from cqa.files.yaml_tree import parse_tree, read_tree
from cqa.rubric import conditions
from cqa.rubric.build import build_rubric
from cqa.rubric.language import PLACES
from cqa.rubric.schema import rubric_schema
from cqa.rubric.template import SCHEMA_FILE, new_rubric
from cqa.tree import Items, Node, Text, Tree
from tests.casework import RUBRIC

ROOT = Path(__file__).parent.parent.parent
SHIPPED = sorted(path.name for path in shipped("rubrics").glob("*.yaml"))


def plain(node: Node) -> object:
    """A tree as an editor sees it: true, false and numbers by their looks where they are not quoted."""
    if isinstance(node, Tree):
        return {key.value: plain(value) for key, value in node}
    if isinstance(node, Items):
        return [plain(value) for value in node.values]
    if node.plain and node.value in ("true", "false"):
        return node.value == "true"
    return int(node.value) if node.plain and re.fullmatch(r"[0-9]+", node.value) else node.value


def fits(value: object, schema: object, root: dict[str, object]) -> bool:
    """Whether a value fits a schema, for the words that this schema uses; any other word is a failure of the test."""
    assert isinstance(schema, dict)
    known = {"$schema", "title", "description", "$defs", "$ref", "anyOf", "enum", "const", "type", "items",
             "properties", "additionalProperties", "required", "minimum"}
    assert set(schema) <= known, set(schema) - known
    if "$ref" in schema:
        place = schema["$ref"].removeprefix("#/$defs/")
        return fits(value, root["$defs"][place], root)  # type: ignore[index]
    if "anyOf" in schema and not any(fits(value, one, root) for one in schema["anyOf"]):
        return False
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        return False
    types: dict[str, type | tuple[type, ...]] = {
        "object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}
    wanted = schema.get("type", [])
    wanted = [wanted] if isinstance(wanted, str) else wanted
    if wanted and not any(isinstance(value, types[name]) and isinstance(value, bool) == (name == "boolean")
                          for name in wanted):
        return False
    if isinstance(value, list):
        return all(fits(item, schema.get("items", {}), root) for item in value)
    if isinstance(value, dict):
        inside, others = schema.get("properties", {}), schema.get("additionalProperties", {})
        return set(schema.get("required", ())) <= set(value) and all(
            fits(item, inside[key], root) if key in inside else others is not False and fits(item, others, root)
            for key, item in value.items())
    return True


def is_valid(text: str) -> bool:
    schema = rubric_schema()
    return fits(plain(parse_tree(text.encode(), "r")), schema, schema)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_rubric_fits_the_schema_and_names_it_in_its_first_line(name: str) -> None:
    text = (shipped("rubrics") / name).read_text(encoding="utf-8")
    assert is_valid(text)
    assert text.splitlines()[0] == f"# yaml-language-server: $schema={SCHEMA_FILE}"


@pytest.mark.parametrize("name", SHIPPED)
def test_a_validator_from_elsewhere_agrees_where_there_is_one(name: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(rubric_schema())
    tree, _ = read_tree(shipped("rubrics") / name)
    assert list(jsonschema.Draft202012Validator(rubric_schema()).iter_errors(plain(tree))) == []


def test_the_shipped_schema_is_the_one_that_is_made() -> None:
    assert (shipped("rubrics") / SCHEMA_FILE).read_bytes() == schema_bytes()
    assert json.loads(schema_bytes())["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(("old", "new"), [
    ("title: Small\n", "titel: Small\n"), ("title: Small\n", ""), ("status: trial", "status: alive"),
    ("needs: [reason]", "needs: [proof]"), ("fails_on:", "failed_on:"), ("{score_at_least: 70}", "{count: {level: x}}"),
    ("otherwise: true", "otherwise: yes"), ("say: Not both.", "says: Not both."), ("type: flag", "type: flags"),
    ("{case: {child: true}}", "{case: {child: {is: true}}}"), ("sections:", "section:"),
])
def test_what_the_reader_refuses_for_its_keys_the_schema_refuses_too(old: str, new: str) -> None:
    assert old in RUBRIC and is_valid(RUBRIC)
    text = RUBRIC.replace(old, new)
    assert not is_valid(text) and build_rubric(parse_tree(text.encode(), "r"), "r").rubric is None


def test_every_place_of_the_language_is_reached_from_the_top() -> None:
    schema: dict[str, Any] = rubric_schema()
    told, places = json.dumps(schema), schema["$defs"]
    assert all(f'"#/$defs/{place}"' in told for place in places)
    for place in PLACES:
        made = schema if place == "rubric" else places[place]
        assert set(made["properties"]) == set(PLACES[place]) and made["additionalProperties"] is False


def test_the_reader_lists_no_keys_of_its_own() -> None:
    for path in (ROOT / "cqa" / "rubric").glob("build*.py"):
        assert not re.findall(r'\.mapping\([^()]*(?:\([^()]*\))?[^()]*, \("', path.read_text(encoding="utf-8")), path
    tests = rubric_schema()["$defs"]["facts"]["additionalProperties"]["anyOf"][2]  # type: ignore[index]
    assert set(tests["properties"]) == set(conditions._TESTS)


def test_the_new_rubric_of_the_template_fits_too() -> None:
    text = new_rubric("mine", 'A "quoted" title: with # signs?')
    assert is_valid(text)
    built = build_rubric(parse_tree(text.encode(), "r"), "r")
    assert built.problems == () and built.draft.title == 'A "quoted" title: with # signs?'
    assert isinstance(parse_tree(text.encode(), "r").get("id"), Text)  # type: ignore[union-attr]
