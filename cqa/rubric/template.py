"""A new rubric: a small one that works, with comments that teach the language while it is being changed."""

import json

SCHEMA_FILE = "cqa-rubric.schema.json"
"""What editors complete and check rubrics by; it lies beside them."""


def new_rubric(rubric_id: str, title: str) -> str:
    """The text of a new rubric's file. Any title is kept as typed: it stands between quotation marks."""
    return _TEXT.replace("@SCHEMA@", SCHEMA_FILE).replace("@ID@", rubric_id).replace("@TITLE@", json.dumps(
        title, ensure_ascii=False))


_TEXT = """\
# yaml-language-server: $schema=@SCHEMA@
#
# A rubric says what is asked about a case, when, and what each mark means. This one works as
# it stands: change it line by line, and after each change run
#
#   cqa rubric check FILE      what is wrong, with its line
#   cqa rubric show FILE       how it reads
#   cqa rubric try FILE        what thousands of invented cases would come to
#
# Indent with spaces, two for each step. Put a text in double quotes when it holds a question
# mark, a colon or a '#'. Save as UTF-8. A word that cqa does not know is an error, never ignored.

format: cqa-rubric/1

# The id and every question's id never change their meaning: marks are kept under them.
id: @ID@

# Raise the version when you change a rubric that is in use: 1.1 to 2.0 for gates, scales and
# scoring, to 1.2 for descriptors and new questions, to 1.1.1 for wording. Always in
# quotation marks.
version: "0.1"
title: @TITLE@

# draft (being written), trial (being tried), live (in use), retired.
status: draft

# Columns of the export that decide whether a question is asked. The type is flag (yes or no),
# text, date or number. A blank one is asked of the reviewer; it is never taken as "no".
case_facts:
  has_victim:
    column: has_victim
    type: flag
    label: An identifiable victim

# A scale: the best level first. 'key' is the one key a reviewer presses. 'needs' makes a mark
# owe a reason, or evidence (the place in the file), before the case can be signed off.
scales:
  met:
    levels:
      fully_met:
        key: "1"
        label: Fully met
        points: 2
      partly_met:
        key: "2"
        label: Partly met
        points: 1
        needs: [reason, evidence]
      not_met:
        key: "3"
        label: Not met
        points: 0
        needs: [reason, evidence]
    # Answers that are not on the scale: they count in no score and are reported apart.
    outside:
      cannot_tell:
        key: "8"
        label: Cannot tell
        needs: [reason]
      does_not_apply:
        key: "9"
        label: Does not apply
        needs: [reason]
default_scale: met

# One in ten marks at the best level owes a place in the file too: a lenient mark must cost
# something.
proof:
  levels: [fully_met]
  one_in: 10

sections:
  - id: decision
    title: The decision
    questions:
      # One question asks one thing. 'look_for' says where in the file the answer is found, and
      # each level says what a reviewer sees there: no "good", no "timely", no "appropriate".
      - id: D1
        ask: "Did the first decision name the evidence it rests on?"
        look_for: "The decision record: each finding beside the document or statement it cites."
        levels:
          fully_met: "Each finding cites the document or statement it rests on."
          partly_met: "One finding cites nothing."
          not_met: "No finding cites anything, or what is cited says otherwise."
        # This mark fails the whole case, whatever the score: see the first band below.
        critical:
          fails_on: [not_met]
        # Answers that cannot be given here.
        forbid: [does_not_apply]
        # Counts twice in the score; without this line, once.
        weight: 2

      # 'ask_when' is a gate. It may name earlier questions with the marks that open it; all of
      # its lines must hold. There are also: all, any, not, answered.
      - id: D2
        ask: "Was the reason for the decision put to the person it was about?"
        look_for: "The letter or the note of the call, with its date."
        ask_when:
          D1: [fully_met, partly_met]
        levels:
          fully_met: "The reason was put to them before the decision took effect."
          partly_met: "It was put to them afterwards."
          not_met: "It was never put to them."

  - id: victim
    title: The victim
    # A section can have a gate too; 'case' names case facts.
    ask_when:
      case:
        has_victim: true
    questions:
      - id: V1
        ask: "Was the victim told of the decision within five working days?"
        look_for: "The dated letter itself: a plan to send one is no letter."
        levels:
          fully_met: "Told within five working days of the decision."
          partly_met: "Told later than that."
          not_met: "Nothing on the file shows that the victim was told."
        # The gate says that there is a victim, so the question applies.
        forbid: [does_not_apply]
      - id: V2
        ask: "Does what the victim was told give the reason in everyday words?"
        look_for: "The letter, or the note of what was said."
        levels:
          fully_met: "The true reason is given in words that need no lawyer."
          partly_met: "The reason is given in words of the trade."
          not_met: "No reason is given, or a wrong one; or nobody told the victim."

  - id: last
    title: In your own words
    questions:
      # Other types: text, choice (with 'choices'), number, date. They are never scored.
      - id: F1
        type: text
        ask: "What would you say first to the person whose work this is?"
        look_for: "One thing, in words you would use to their face."
        required: false

# Marks that contradict each other stop the sign-off.
rules:
  - id: victim-not-told
    when:
      V1: [not_met]
    forbid:
      V2: [fully_met, partly_met]
    say: "A victim who was never told cannot have been given a reason: V2 is Not met while V1 is."

# The score is points gained over points available. The first band that holds is given.
result:
  score: weighted_points
  bands:
    - band: Serious concern
      when:
        critical_failed: true
    - band: Too little answered
      when:
        answered_below: 60
    - band: Meets the standard
      when:
        score_at_least: 70
    - band: Does not meet the standard
      otherwise: true
"""
