"""How agreement is measured, in sentences: the source of every formula, and every choice that was made."""

from collections.abc import Mapping

from cqa.consistency.uncertainty import Asked, Interval
from cqa.consistency.weights import Metric, Weights

WEIGHTS: Mapping[Weights, str] = {
    "identity": "Identity weights: two marks agree or they do not.",
    "linear": "Linear weights: 1 - |a - b| / range (Cicchetti and Allison 1971).",
    "quadratic": "Quadratic weights: 1 - ((a - b) / range) squared (Fleiss and Cohen 1973).",
    "ordinal": "Ordinal weights: 1 - C(|k - l| + 1, 2) / C(q, 2) for the k-th and l-th of q levels (Gwet 2014).",
}
METRICS: Mapping[Metric, str] = {
    "nominal": "Two levels are 0 or 1 apart.",
    "ordinal": "Two levels are as far apart as there are marks between them (Krippendorff 2011).",
    "interval": "Two levels are as far apart as the square of the difference of their numbers, or of their positions "
                "where they are words.",
}
INTERVALS: Mapping[Interval, str] = {
    "jackknife": "95%: each case is left out once; on log(1 - coefficient), Student's t with cases - 1 degrees of "
                 "freedom (Hughes 2022, arXiv 2210.13265).",
    "bootstrap": "95%: the middle of the coefficients of resampled cases, all questions of a case together (Efron "
                 "1979).",
    "bca": "95%: resampled cases, all questions of a case together; corrected for bias, and for skewness with the "
           "jackknife's acceleration (BCa, Efron 1987).",
    "gwet": "95%: value +- t se with the linearised standard error and cases - 1 degrees of freedom, cut at 1 (Gwet "
            "2008, 2014). It covers less than it says where agreement is high and cases are few.",
}
SPECIFIC = ("When one reviewer gives a level, how often the other gives it too (Cicchetti and Feinstein 1990).")
UNDEFINED = ("A figure that these marks do not define has no value, and a sentence says why; it is never taken as 0 or "
             "1.")
PERFECT = ("A coefficient of 1 shows no spread: its lower bound is that of so many cases of as many agreeing (Wilson).")
WILSON = ("Share of pairs of marks on one case at one level, averaged over cases; unweighted. Wilson's 95% interval "
          "(1927) where every case has two marks.")


def method_of(asked: Asked) -> dict[str, str]:
    """What was computed and how, under a name for each thing."""
    told = {
        "cases": "Cases with two marks or more; an empty mark is a missing one. Cases with one mark are counted as "
                 "once_marked, and no other count holds them.",
        "percent": WILSON,
        "within_one": "The same for pairs at one level or one step apart; unweighted. A step is the least distance "
                      "between two levels.",
        "specific": SPECIFIC,
        "weights": WEIGHTS[asked.weights],
        "cohen": "Cohen 1960, 1968: two reviewers, cases marked by both.",
        "conger": "Conger 1980, with missing marks as in Gwet 2014: three reviewers or more, each with their own use "
                  "of the levels.",
        "fleiss": "Fleiss 1971, with weights and missing marks as in Gwet 2014; for two reviewers it is Scott's pi.",
        "brennan_prediger": "Brennan and Prediger 1981, weighted as in Gwet 2014.",
        "ac": f"Gwet's {ac_name(asked)} (2008, 2014), on the whole scale, used or not.",
        "alpha": f"Krippendorff's alpha (2011) over marks that have a partner, {asked.metric}. {METRICS[asked.metric]}",
        "convention": "Once-marked cases count for the prevalences of conger, fleiss, brennan_prediger and ac, as in "
                      "irrCAC; a jackknife leaves them out in their turn, and degrees of freedom count cases with two "
                      "marks. Standard errors are smaller than irrCAC's, which take once-marked cases for cases "
                      "without agreement." if asked.once else
                      "Once-marked cases count for nothing: what they say of prevalence need not hold for the cases "
                      "that were marked twice.",
        "interval": INTERVALS[asked.interval] + " They speak of further cases like these, marked by these reviewers.",
        "perfect": PERFECT,
        "undefined": UNDEFINED,
        "overall": "Means over the questions that have the figure with all cases and without any one of them; whole "
                   "cases are left out or resampled, all their questions together.",
    }
    if asked.resamples:
        told["resampling"] = (f"{asked.replicates} sets of as many cases, drawn with replacement by numpy's PCG64 from "
                              f"the SHA-256 of the seed '{asked.seed}'. Sets in which a figure is not defined are left "
                              "out; more than 2% of them, and there is no interval.")
    return told


def ac_name(asked: Asked) -> str:
    """Gwet's name for his coefficient with these weights."""
    return "AC1" if asked.weights == "identity" else "AC2"
