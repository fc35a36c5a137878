"""Checks of wording, under the headings of the questionnaire appraisal system QAS-99: clarity, assumptions, knowledge.

Word lists in English: they point at a sentence that somebody should read once more, and are wrong at times. They were
tuned on the shipped rubrics so that most of what they say is worth reading.
"""

import re
from collections.abc import Iterator

from cqa.rubric.checking import Checked, Found
from cqa.rubric.model import Question
from cqa.rubric.reading import Prose

MOST_WORDS = 30

_AUXILIARY = r"(?:was|were|is|are|did|does|do|has|have|had)"
_DONE = (r"(?:\w{2,}ed|sent|met|made|given|put|set|kept|found|sought|told|taken|held|done|lodged|written|read|shown|"
         r"served|brought)")
_PLACED = r"(?:in|on|at|within|by|before|after|to|from)"
_TWO_IN_ONE = (
    re.compile(r"\band/or\b|\bas well as\b", re.I),
    re.compile(rf"(?:,| and| or| as well as) (?:and |or )?{_AUXILIARY}\b(?! not\b)", re.I),
    re.compile(rf"\b{_DONE}\b.* (?:and|or|as well as) (?:[\w']+ ){{0,2}}{_DONE}\b|, (?:and|or) {_DONE}\b", re.I),
    re.compile(rf"\b{_PLACED} [\w' ]{{2,25}} (?:and|or|as well as) {_PLACED}\b", re.I),
    re.compile(r"\b(?!what|when|who|where|why|how)\w+, (?!what|when|who|where|why|how)\w+ and "
               r"(?!what|when|who|where|why|how)\w+\?\s*$", re.I),
    re.compile(r"^(?:do|does|did) .*\b(?:and|or) (?:give|show|set|say|name|make|deal|record|explain|meet|identify|"
               r"cover|address|include|state|list|answer|allow|ask|tell|keep|contain)\b", re.I),
)
_VAGUE = re.compile(
    r"\b(appropriate(?:ly)?|adequate(?:ly)?|inadequate(?:ly)?|timely|(?<!in )good"
    r"(?![ -](?:reasons?|character|faith|cause|law)\b)|robust(?:ly)?|"
    r"(?:where|as|if|when) (?:necessary|appropriate|needed|relevant|required)(?=[.,;?!]|$)|satisfactor(?:y|ily)|"
    r"suitabl[ey]|properly|effective(?:ly)?|"
    r"reasonabl[ey](?! (?:prosecutor|doubt|lines?|grounds|suspicion|person|cause))|"
    r"sufficient(?:ly)?(?! evidence)|high[- ]quality|best practice|user[- ]friendly)\b", re.I)
_NEGATIVE = re.compile(r"\bnot\b(?! guilty)|^\W*(?:is|are|was|were) there no\b|"
                       r"n't\b|\bnever\b|\bfail(?:ed|s|ing)? to\b|\bunable to\b", re.I)
_LEADING = re.compile(
    r"\b(?:do|would) you agree\b|\b(?:surely|obviously|of course|clearly)\b|,\s*(?:right|correct)\?$", re.I)
_IN_TIME = re.compile(r"\b(in time|on time|promptly|prompt|late|early|soon|quickly|speedily|without delay|timely|"
                      r"recent|recently|up to date)\b", re.I)
_REFERENCE = re.compile(r"\b(dates?|days?|hours?|weeks?|months?|deadline|limits?|before|after|within|by the|until|when|"
                        r"since|at the time|agreed time|due|target|first)\b|\d", re.I)
_ABBREVIATION = re.compile(r"\b[A-Z]{2,6}\b")
_KNOWN = frozenset(("UK", "EU", "ID", "PDF", "CCTV", "DNA", "GP", "OK", "TV", "AM", "PM", "NHS"))


def two_in_one(checked: Checked) -> Iterator[Found]:
    """R037: a question that asks two things, so that no level fits when only one of them holds."""
    for one, question in _asks(checked):
        if one.english.count("?") > 1 or any(pattern.search(one.english) for pattern in _TWO_IN_ONE):
            yield Found("R037", one, f"'{question.id}' seems to ask two things at once.", "Ask one, or say at the "
                        "levels what holds when only one of them does.", question=question.id)


def vague(checked: Checked) -> Iterator[Found]:
    """R038: a word that everyone reads differently, in a question or at a level."""
    for one, question in _of_questions(checked):
        if one.field in ("ask", "look_for") or one.field in question.answers:
            for word in dict.fromkeys(match[1].lower() for match in _VAGUE.finditer(one.english)):
                yield Found("R038", one, f"'{word}' means something else to everyone who reads '{question.id}'.",
                            "Say what can be seen in the file.", question=question.id)


def negative_or_leading(checked: Checked) -> Iterator[Found]:
    """R039: a question in the negative, or one that says which answer is wanted."""
    for one, question in _asks(checked):
        if match := _NEGATIVE.search(one.english):
            yield Found("R039", one, f"'{question.id}' is asked in the negative ('{match[0].strip()}').", "Ask whether "
                        "the thing was done; a level says that it was not.", question=question.id)
        elif match := _LEADING.search(one.english):
            yield Found("R039", one, f"'{question.id}' leads to an answer ('{match[0]}').", "Ask it plainly.",
                        question=question.id)


def no_reference(checked: Checked) -> Iterator[Found]:
    """R040: a question about time that nowhere says from when to when."""
    for one, question in _asks(checked):
        match = _IN_TIME.search(one.english)
        said = " ".join((one.english.replace(match[0], "") if match else "", question.look_for, question.guidance,
                         *question.descriptors.values()))
        if match and not _REFERENCE.search(said):
            yield Found("R040", one, f"'{question.id}' asks about time ('{match[0]}') and nothing says which time.",
                        "Name the date or the number of days, in the question or at its levels.", question=question.id)


def long_questions(checked: Checked) -> Iterator[Found]:
    """R041: a question of more than 30 words."""
    for one, question in _asks(checked):
        words = len(one.english.split())
        if words > MOST_WORDS:
            yield Found("R041", one, f"'{question.id}' has {words} words; over {MOST_WORDS} are hard to hold in mind.",
                        "Shorten it; details go to look_for and guidance.", question=question.id)


def abbreviations(checked: Checked) -> Iterator[Found]:
    """R042: an abbreviation that the file explains nowhere, once at its first place."""
    everything = " ".join(one.english for one in checked.prose)
    ids = {question.id for section in checked.rubric.sections for question in section.questions}
    shouted = {word.upper() for word in re.findall(r"[a-z]+", everything)}
    told: set[str] = set()
    for one, question in _of_questions(checked):
        if one.field == "legal_basis" or one.english.isupper():
            continue
        for word in _ABBREVIATION.findall(one.english):
            if word not in told | shouted | _KNOWN | ids and not _explained(word, everything):
                told.add(word)
                yield Found("R042", one, f"'{word}' is not explained anywhere in the file.", "Write it out, or explain "
                            f"it once, as in 'plain words ({word})', in notes, guidance or a label.",
                            question=question.id)


def _explained(word: str, everything: str) -> bool:
    return re.search(rf"\({word}[);,]|\b{word} (?:\(|is |means |stands for |= ?)|\b{word}:", everything) is not None


def look_for(checked: Checked) -> Iterator[Found]:
    """R043: a question on a scale that does not say what to look for."""
    for question, at in checked.asked:
        if question.scale and not question.look_for:
            yield Found("R043", at, f"'{question.id}' does not say what to look for.", "Add look_for: what in the file "
                        "decides, and where it stands.", question=question.id)


def _of_questions(checked: Checked) -> Iterator[tuple[Prose, Question]]:
    for one in checked.prose:
        question = checked.rubric.by_id.get(one.question)
        if question is not None and one.english:
            yield one, question


def _asks(checked: Checked) -> Iterator[tuple[Prose, Question]]:
    yield from ((one, question) for one, question in _of_questions(checked) if one.field == "ask")


RULES = (two_in_one, vague, negative_or_leading, no_reference, long_questions, abbreviations, look_for)
