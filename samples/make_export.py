"""Makes area-quarter.csv, the synthetic export of one Area-quarter: every person, case and word in it is invented.

    python samples/make_export.py [OUT.csv]

The same bytes come out on every run, Python version and platform.
"""

import csv
import io
import random
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

SEED = 20261001
CASES = 5000
HEADER = (
    "urn", "case_id", "area", "unit", "team", "defendant", "prosecutor_id", "charging_prosecutor_id", "advocate_id",
    "charged_by", "decision_type", "court", "case_type", "plea", "contested", "trial_listed", "outcome",
    "finalised_date", "stage", "received", "first_hearing", "flags", "principal_offence_category", "in_custody",
    "has_victim", "civilian_witness", "charge_dropped", "plea_offer", "schedules_due", "bail_in_issue", "hearing_held",
    "sent", "reviewing_note",
)
AREA = "Northmoor"
UNITS = (  # name, share of cases, court, kind of case, teams
    ("Northmoor Magistrates North", 0.44, "magistrates", "volume", 4),
    ("Northmoor Magistrates South", 0.27, "magistrates", "volume", 3),
    ("Northmoor Crown Court", 0.20, "Crown", "Crown", 3),
    ("Northmoor RASSO", 0.06, "Crown", "RASSO", 1),
    ("Northmoor CCU", 0.03, "Crown", "CCU", 1),
)
MANAGERS = ("a-byrne", "d-okafor", "l-marsh", "r-hughes", "s-patel")
OFFENCES = (  # category, has a victim, likely flags
    ("offences against the person", 0.97, ("domestic abuse", "hate", "child", "vulnerable victim")),
    ("theft and handling", 0.75, ("vulnerable victim",)),
    ("burglary", 0.96, ("vulnerable victim",)),
    ("public order", 0.55, ("hate",)),
    ("drugs offences", 0.02, ("child",)),
    ("motoring offences", 0.12, ()),
    ("fraud and forgery", 0.8, ("vulnerable victim",)),
    ("criminal damage", 0.9, ("domestic abuse", "hate")),
)
SEXUAL = ("sexual offences", 0.99, ("rape", "child", "vulnerable victim"))
FORENAMES = ("Ann", "Zo\u00eb", "Karl", "Ren\u00e9e", "Omar", "Lucy", "Tomasz", "Grace", "Ivan", "Meera", "Paul",
             "Sian")
SURNAMES = ("Carter", "O\u2019Neill", "Hussain", "M\u00fcller", "Nowak", "Price", "Adeyemi", "Stone", "Lee", "Fox",
            "Gill", "Ward", "Byrne", "None", "Null")
NOTES = (
    "Costs of \u00a3620 sought \u2013 refused.",
    "Victim \u201cdoes not wish to attend\u201d.",
    "See minute of 3 August,\nthen the letter of 9 August.",
    "=SUM(A1:A3) pasted from a costs sheet",
    "Officer's leave noted; chase on return.",
    "Compensation \u00a31,250, paid",
    "-not reviewed since transfer",
    "Caf\u00e9 CCTV requested",
)
QUARTER_START = date(2026, 7, 1)

Choice = TypeVar("Choice")


class Maker:
    """Draws everything from one generator, by `random()` alone, whose values Python promises never to change."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def below(self, most: int) -> int:
        return int(self.rng.random() * most)

    def one_of(self, choices: Sequence[Choice]) -> Choice:
        return choices[self.below(len(choices))]

    def flag(self, yes: bool, blank: float) -> str:
        """Y or N as exports write it: sometimes in words, sometimes not at all."""
        if self.chance(blank):
            return ""
        if self.chance(0.02):
            return "Yes" if yes else "No"
        return ("True" if yes else "N") if self.chance(0.005) else ("Y" if yes else "N")

    def urn(self, number: int) -> str:
        if number % 400 == 0:
            return f"06E12{number % 100000:05d}26"[:11]
        if number % 333 == 0:
            return f"001{number:06d}26"
        return f"06{self.one_of('ABCDEFG')}{self.one_of('BCDFGH')}{number:05d}26"

    def rows(self, number: int) -> list[list[str]]:
        """All rows of one case: one for each defendant."""
        unit, _, court, kind, teams = self.unit()
        offence, victim_share, flags = SEXUAL if kind == "RASSO" else self.one_of(OFFENCES)
        received = QUARTER_START - timedelta(days=30 + self.below(260))
        live = self.chance(0.12)
        police = kind == "volume" and self.chance(0.3)
        if court == "magistrates" and self.chance(0.06):
            court = "youth"
        decision = "" if police else "charge" if self.chance(0.93) else self.one_of(("caution", "nfa"))
        has_victim = self.chance(victim_share)
        prosecutor = self.one_of(MANAGERS) if self.chance(0.012) else f"P1{self.below(180):04d}"
        charging = "" if police else f"P1{self.below(180):04d}" if self.chance(0.6) else f"P2{self.below(60):04d}"
        case_flags = [flag for flag in flags if self.chance(0.18)]
        first = received + timedelta(days=14 + self.below(40))
        hearing = "" if self.chance(0.03) else first.strftime("%d/%m/%Y")
        sent = court == "Crown" and self.chance(0.96)
        dropped = self.chance(0.11)
        shared = {
            "urn": self.urn(number), "case_id": f"{number * 7 + 1203:07d}", "area": AREA, "unit": unit,
            "team": f"Team {1 + self.below(teams)}", "prosecutor_id": prosecutor, "charging_prosecutor_id": charging,
            "charged_by": "police" if police else "CPS", "decision_type": decision, "court": court, "case_type": kind,
            "finalised_date": "" if live else (QUARTER_START + timedelta(days=self.below(92))).strftime("%d/%m/%Y"),
            "stage": "live" if live else "finalised", "received": received.strftime("%d/%m/%Y"),
            "first_hearing": hearing, "flags": ";".join(case_flags), "principal_offence_category": offence,
            "has_victim": self.flag(has_victim, 0.006),
            "civilian_witness": self.flag(has_victim or self.chance(0.4), 0.006),
            "charge_dropped": self.flag(dropped, 0.005),
            "plea_offer": self.flag(self.chance(0.2), 0.03),
            "schedules_due": self.flag(court == "Crown" or self.chance(0.55), 0.04),
            "bail_in_issue": self.flag(self.chance(0.35), 0.03),
            "hearing_held": self.flag(bool(hearing), 0.02),
            "sent": self.flag(sent, 0.004),
            "reviewing_note": self.one_of(NOTES) if self.chance(0.012) else "",
        }
        plea, outcome, contested = self.course(live, dropped)
        shared |= {"contested": self.flag(contested, 0.004),
                   "trial_listed": self.flag(contested and self.chance(0.9), 0.005)}
        custody, advocate = self.chance(0.14 if court == "Crown" else 0.05), self.advocate(prosecutor)
        several = self.chance(0.16)
        rows = []
        for place in range((2 + self.chance(0.25)) if several else 1):
            own = {"plea": plea, "outcome": outcome, "in_custody": "Y" if custody else "N", "advocate_id": advocate}
            if place and self.chance(0.3):
                own["plea"], own["outcome"], _ = self.course(live, dropped)
                own["in_custody"] = "Y" if self.chance(0.2) else "N"
            if place and self.chance(0.04):
                own["advocate_id"] = self.advocate(prosecutor)
            values = {**shared, **own, "defendant": self.defendant()}
            rows.append([values[name] for name in HEADER])
        return rows

    def unit(self) -> tuple[str, float, str, str, int]:
        point = self.rng.random()
        for unit in UNITS:
            point -= unit[1]
            if point < 0:
                return unit
        return UNITS[0]

    def course(self, live: bool, dropped: bool) -> tuple[str, str, bool]:
        """Plea, outcome and whether the case was contested, in keeping with one another."""
        contested = self.chance(0.38)
        plea = "not guilty" if contested else "guilty" if self.chance(0.9) else "none"
        if live:
            return plea, "", contested
        if dropped and self.chance(0.7):
            return plea, "discontinued", contested
        convicted = plea == "guilty" or self.chance(0.6 if contested else 0.3)
        return plea, "convicted" if convicted else "acquitted", contested

    def advocate(self, prosecutor: str) -> str:
        return "agent" if self.chance(0.25) else prosecutor if self.chance(0.5) else f"P1{self.below(180):04d}"

    def defendant(self) -> str:
        forename, surname = self.one_of(FORENAMES), self.one_of(SURNAMES)
        return f"{surname.upper()}, {forename}" if self.chance(0.3) else f"{forename} {surname}"


def make() -> bytes:
    """The export's bytes: cp1252, CRLF, rows in the order in which cases were received, defendants mostly together."""
    maker = Maker(SEED)
    dated = []
    for number in range(1, CASES + 1):
        for row in maker.rows(number):
            day, month, year = row[HEADER.index("received")].split("/")
            late = maker.below(40) if maker.chance(0.03) else 0
            dated.append(((date(int(year), int(month), int(day)) + timedelta(days=late)).isoformat(), number, row))
    dated.sort(key=lambda entry: entry[:2])
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(row for _, _, row in dated)
    return text.getvalue().encode("cp1252")


def main(arguments: Sequence[str]) -> None:
    """Writes the export to the path given, or beside this file."""
    target = Path(arguments[0]) if arguments else Path(__file__).with_name("area-quarter.csv")
    target.write_bytes(make())


if __name__ == "__main__":
    main(sys.argv[1:])
