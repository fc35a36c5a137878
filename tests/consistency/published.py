"""Published tables of marks, each with where it stands, for tests to hold figures to."""

import numpy as np

from cqa.consistency.counts import MISSING, Ratings, ratings_of


def of_columns(columns: list[str], levels: str) -> Ratings:
    """Ratings from one string a reviewer, one letter a case, a full stop for no mark."""
    return ratings_of([(str(case), str(reviewer), letter) for reviewer, marks in enumerate(columns)
                       for case, letter in enumerate(marks.replace(" ", "")) if letter != "."], levels)


def of_rows(rows: str, levels: str) -> Ratings:
    """Ratings from one word a case, one letter a reviewer, a full stop for no mark."""
    return of_columns(["".join(letters) for letters in zip(*rows.split(), strict=True)], levels)


def of_table(table: list[list[int]], levels: str = "abcdefgh") -> Ratings:
    """Two reviewers' marks from a cross-table: rows one reviewer, columns the other."""
    cells = [(one, other) for one, row in enumerate(table) for other, count in enumerate(row) for _ in range(count)]
    return Ratings.of_matrix(levels[: len(table)], ("A", "B"), np.array(cells, dtype=np.int64))


def of_counts_matrix(matrix: list[list[int]]) -> Ratings:
    """Ratings from counts alone: the first reviewer gave the lowest level of each case, and so on."""
    width = max(map(sum, matrix))
    rows = [[level for level, count in enumerate(row) for _ in range(count)] for row in matrix]
    marks = np.array([row + [MISSING] * (width - len(row)) for row in rows], dtype=np.int64)
    return Ratings.of_matrix(tuple(map(str, range(len(matrix[0])))), tuple(map(str, range(width))), marks)


# Krippendorff 2011, Computing Krippendorff's Alpha-Reliability: section A (binary data, two observers, no missing).
KRIPPENDORFF_A = of_columns(["0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"], "01")
# The same, section B (nominal data, two observers): Ben and Gerry.
KRIPPENDORFF_B = of_columns(["a a b b d c c c e d d a", "b a b b b c c c e d d d"], "abcde")
# The same, section C (any number of observers, missing data): four observers, twelve units.
FOUR_OBSERVERS = of_columns(["1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .",
                             "1 2 3 3 2 4 4 1 2 5 1 ."], "12345")
# Gwet's example with four raters (Gwet 2014; data set cac.raw4raters of the R package irrCAC): the same marks but for
# who gave the only one of the last unit.
FOUR_RATERS = of_columns(["1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . .", ". 3 3 3 2 3 4 2 2 5 1 3",
                          "1 2 3 3 2 4 4 1 2 5 1 ."], "12345")
# Hayes & Krippendorff 2007, Communication Methods and Measures 1:77, table 1: five observers, forty news articles.
FIVE_OBSERVERS = of_rows("""
    112.2 1101. 2333. .00.0 000.0 000.0 102.1 1.20. 222.2 2111. .100. 0000. 1222. 33223 111.1 111.1 212.2 1233. 1101.
    000.0 0011. 00.00 2333. 0000. 12.22 0111. 00010 1212. 1122. 112.2 110.0 2121. 22.22 3222. 222.2 223.2 222.2 22.12
    2222. 111.1""", "0123")
# Its first fifteen articles: data set raw_5observers of irrCAC 0.4.4 for Python.
FIFTEEN_ARTICLES = of_rows("112.2 1101. 2333. .00.0 000.0 000.0 102.1 1.20. 222.2 2111. .100. 0000. 1222. 33223 111.1",
                           "0123")
# Three coders, fifteen units: the worked example of the Wikipedia article on Krippendorff's alpha, and of the README of
# the package krippendorff.
THREE_CODERS = of_columns([". . . . . 3 4 1 2 1 1 3 3 . 3", "1 . 2 1 3 3 4 3 . . . . . . .",
                           ". . 2 1 3 4 4 . 2 1 1 3 3 . 4"], "1234")
# Ten subjects, fourteen raters, five categories: the worked example of the Wikipedia article on Fleiss' kappa.
FOURTEEN_RATERS = of_counts_matrix([
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1], [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7]])
# Fleiss 1971, Psychological Bulletin 76:378, table 1: thirty patients, six psychiatrists each. Which of them gave which
# diagnosis was not published; in the data set diagnoses of the R package irr each row is in the order of the levels.
PSYCHIATRISTS = of_counts_matrix([list(map(int, row)) for row in (
    "00060", "03003", "01401", "00006", "03030", "20400", "00402", "20310", "20040", "00006", "10050", "11040", "03300",
    "10050", "02031", "00501", "30012", "51000", "02040", "10203", "00006", "01050", "02013", "20040", "10041", "05010",
    "40002", "02040", "10500", "00006")])
# Gwet's two abstractors of ectopic pregnancies (Gwet 2014; cont3x3abstractors of irrCAC, figures of its vignette).
ABSTRACTORS = of_table([[13, 0, 0], [0, 20, 7], [0, 4, 56]])
# Cohen 1960, Educational and Psychological Measurement 20:37: two judges, 200 diagnoses.
JUDGES = of_table([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
# Landis & Koch 1977, Biometrics 33:159, table 1: two neurologists, patients of Winnipeg and of New Orleans.
WINNIPEG = of_table([[38, 5, 0, 1], [33, 11, 3, 0], [10, 14, 5, 6], [3, 7, 3, 10]])
NEW_ORLEANS = of_table([[5, 3, 0, 0], [3, 11, 4, 0], [2, 13, 3, 4], [1, 2, 4, 14]])
# Agresti & Winner 1997, Chance 10:10: reviews of films by Siskel and Ebert, con, mixed and pro.
FILMS = of_table([[24, 8, 13], [8, 13, 11], [10, 9, 64]])
# Agresti 2002, Categorical Data Analysis, table 10.8: two pathologists, carcinoma of the cervix.
PATHOLOGISTS = of_table([[22, 2, 2, 0], [5, 7, 14, 0], [0, 2, 36, 0], [0, 1, 17, 10]])
# Sim & Wright 2005, Physical Therapy 85:257: two clinicians, relevance of lateral shift.
CLINICIANS = of_table([[22, 2], [4, 11]])
# Gwet 2002, Kappa statistic is not satisfactory for assessing the extent of agreement between raters: 125 subjects.
NEARLY_ALL = of_table([[118, 5], [2, 0]])
# Feinstein & Cicchetti 1990, Journal of Clinical Epidemiology 43:543: the same agreement, and two kappas.
BALANCED = of_table([[40, 9], [6, 45]])
LOPSIDED = of_table([[80, 10], [5, 5]])
