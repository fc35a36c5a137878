"""What happens in the whole period, in order."""

import json

from tests.journeys.blind_sweep import token
from tests.journeys.the_period import Period

REFERENCES = ("w-1", "w-2", "w-3", "w-4", "w-5")
URGENT = "s-19"
REPLIED = "s-09"


def take_course(period: Period) -> None:
    """The whole period, from a winter sample whose cases get reference marks to the middle of April."""
    _winter(period)
    _marks(period)
    _moderation(period)
    _further(period)
    _feedback(period)
    _replies(period)
    _amendments(period)
    _april(period)


def _winter(period: Period) -> None:
    period.on("2026-02-02")
    period.draw("winter", "4711", 3, "pia,quin", "1")
    period.marks("2026-02-03", "winter")
    period.on("2026-02-04")
    period.moderates("w-1", ("q4", "F", ""), reference=True, tolerance=0)
    period.moderates("w-2", reference=True)
    period.moderates("w-3", ("q2", "M", "judgement"), reference=True)
    period.moderates("w-4", reference=True)
    period.moderates("w-5", ("q1", "M", "fact_missed"), reference=True)
    period.moderates("w-6", ("q1", "F", "slip"), reference=True, settle=False)


def _marks(period: Period) -> None:
    period.on("2026-03-02")
    period.draw("spring", "4712", 8, "ann,bob,cat,dee", "0.5")
    period.marks("2026-03-04")
    period.says_urgent(URGENT, "ann")
    period.search("after the first marks", files=True)
    period.on("2026-03-06")
    told = period.told("replace", "s-07", "--reason", "out_of_scope", "--sample", "spring", "--as", "lena")
    assert (told["with"], told["reviewer"], told["second"]) == ("s-03", "ann", None)
    period.hands("s-07", "s-03", "ann")
    period.does("withdraw", "s-04", "--reason", "sealed by the court", "--sample", "spring", "--as", "lena")
    period.assigns("s-12", "--to", "ann")
    period.search("after what was replaced, withdrawn and handed on")
    period.marks("2026-03-09")
    period.search("after the second marks")


def _moderation(period: Period) -> None:
    period.on("2026-03-11")
    period.kept["queue"] = period.told("moderate", "--sample", "spring", "--as", "max")
    period.moderates("s-13", ("q2", "M", "guidance_unclear"), change_rubric=True)
    period.moderates("s-20", ("q1", "M", "fact_missed"), ("q2", "M", "fact_missed"))
    period.moderates("s-09", ("q3", "P", "judgement"))
    period.moderates("s-16", ("q4", "M", "slip"))
    period.moderates("s-17", ("q2", "M", "judgement"), settle=False)
    period.kept["moderated"] = period.told("report", "spring", "--no-books")
    period.search("after moderation")


def _further(period: Period) -> None:
    period.on("2026-03-12")
    period.kept["calibration"] = period.assigns("--calibration")
    period.search("after calibration cases were slipped in", files=True)
    period.marks("2026-03-13")
    period.on("2026-03-16")
    period.kept["looks due"] = period.told("status", "spring", "--as", "lena")["second_looks"]
    period.assigns("s-18", "--turn", "triggered", "--trigger", "low_overall", "--to", "cat")
    period.assigns(URGENT, "--turn", "triggered", "--trigger", "urgent", "--to", "bob")
    period.search("after second looks were triggered")
    period.marks("2026-03-16")
    period.on("2026-03-17")
    period.kept["dip"] = period.assigns("--dip", "4", "--to", "sol", "--seed", "105")
    period.search("after the dip-sample was drawn", files=True)
    period.marks("2026-03-17")


def _feedback(period: Period) -> None:
    """Of eleven cases that can be fed back on, nine are given, one is written alone and one is not."""
    period.on("2026-03-18")
    given = ("--given", "today", "--how", "in person")
    for case_id in ("s-15", "s-03", "s-01", "s-12", "s-13", "s-08", "s-17", "s-20", "s-09"):
        period.writes_sheet(case_id, *given)
    period.writes_sheet("s-16")
    for case_id in ("s-06", "s-10", URGENT):
        period.feeds_back(case_id, "--strength", f"{token('lena', case_id)} too soon", "--none", "x", code=4)
    period.on("2026-03-19")
    period.feeds_back("s-09", "--seen", "today")
    period.feeds_back("s-13", "--strength", f"{token('lena', 's-13')} said anew.", "--next", "Log it; kit; 2026-04-30")
    period.feeds_back("s-13", *given, "--seen", "today")
    period.search("after feedback")


def _replies(period: Period) -> None:
    period.on("2026-03-20")
    period.replies("s-09", q1=("Agree", ""), q3=("Disagree", "The child was asked."), q4=("Context", "It was sent."))
    period.feeds_back("s-09", "--decide", "q3=change", "--reason", "It stands on page 9.")
    period.replies("s-13", q2=("Disagree", "It is reasoned."))
    period.feeds_back("s-13", "--decide", "q2=keep", "--reason", "It was agreed.")
    period.replies("s-01", q2=("Disagree", "Look at page 3."))
    period.feeds_back("s-01", "--decide", "q2=third_mark", "--reason", "Somebody else should look.")
    period.kept["reply calls"] = period.told("status", "spring", "--as", "lena")["second_looks"]
    period.assigns("s-01", "--turn", "triggered", "--trigger", "reply", "--to", "dee")
    period.kept["third mark open"] = period.told("status", "spring", "--as", "lena")["rows"]
    period.search("after replies", files=True)


def _amendments(period: Period) -> None:
    period.amends("2026-03-23", "s-09", "It stands on page 9.")
    period.kept["after the amendment"] = period.told("report", "spring", "--no-books")["moderation"]
    period.kept["queue again"] = period.told("moderate", "--sample", "spring", "--as", "max")
    period.kept["sheet again"] = json.loads(period.feeds_back("s-09", "--json"))
    period.feeds_back("s-09", "--strength", "x", "--none", "x", code=4)
    period.moderates("s-09", ("q3", "M", ""))
    period.writes_sheet("s-09", "--given", "today", "--how", "by mail")
    period.marks("2026-03-24")
    period.amends("2026-03-26", "s-20", "The second letter was found.")
    period.search("after amendments")


def _april(period: Period) -> None:
    period.marks("2026-04-02")
    period.on("2026-04-20")
    period.search("in the end", files=True)
    period.kept["status"] = period.told("status", "--as", "lena")
    period.kept["report"] = period.told("report", "spring", "--no-books")
