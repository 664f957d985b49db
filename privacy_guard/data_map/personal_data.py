"""What a model holds about people, how it is found, and what erasing does to it.

A declaration is made by :func:`delete`, :func:`blank`, :func:`anonymise` or
:func:`keep`, in a tuple of the module that ``privacy.data.map._declared()`` returns. It
may name models and columns that only some databases have: those that are not there are
left out (``privacy.data.map._installed()``).
"""

from dataclasses import dataclass

from .finders import Finder

TREATMENTS = [
    ("delete", "Deleted"),
    ("blank", "Blanked"),
    ("anonymise", "Anonymised"),
    ("unlink", "Unlinked"),
    ("keep", "Kept"),
    # found, and nobody has said what becomes of it
    ("undecided", "Not decided"),
]


@dataclass(frozen=True)
class PersonalData:
    """Rows of one model that are about a person, and how erasing treats them.

    :param treatment: of ``TREATMENTS``
    :param found_by: functions of :mod:`finders`, or of the same form; none where the
        catalogue finds them (:mod:`catalogue`), and the columns with them
    :param reason: of ``privacy.data.map._reasons()``; for what is kept it names
        the legal basis
    :param blank: columns that become empty
    :param label: columns that become an anonymous label of the row
    :param redact: columns in which what identifies the person is replaced
    :param archive: whether the row is archived too
    :param plain: whether rows are deleted past what their model does then
    :param with_history: whether the messages and files of rows that the catalogue finds
        go with them; where rows are deleted they do
    """

    model: str
    treatment: str
    found_by: tuple[Finder, ...]
    reason: str
    blank: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    redact: tuple[str, ...] = ()
    archive: bool = False
    plain: bool = False
    with_history: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        return self.blank + self.label + self.redact


def delete(
    model: str, *found_by: Finder, reason: str, plain: bool = False
) -> PersonalData:
    """These rows go."""
    return PersonalData(model, "delete", found_by, reason, plain=plain)


def blank(
    model: str,
    *found_by: Finder,
    columns: tuple[str, ...],
    reason: str,
    label: tuple[str, ...] = (),
    archive: bool = False,
    with_history: bool = False,
) -> PersonalData:
    """These rows stay, without what the columns hold."""
    return PersonalData(
        model,
        "blank",
        found_by,
        reason,
        blank=columns,
        label=label,
        archive=archive,
        with_history=with_history,
    )


def anonymise(
    model: str,
    *found_by: Finder,
    reason: str,
    redact: tuple[str, ...] = (),
    label: tuple[str, ...] = (),
    blank: tuple[str, ...] = (),
    archive: bool = False,
) -> PersonalData:
    """These rows stay, and the person in them is replaced."""
    return PersonalData(
        model,
        "anonymise",
        found_by,
        reason,
        blank=blank,
        label=label,
        redact=redact,
        archive=archive,
    )


def unlink(model: str, *, reason: str) -> PersonalData:
    """These rows stay, without their links to the person."""
    return PersonalData(model, "unlink", (), reason)


def keep(model: str, *found_by: Finder, reason: str) -> PersonalData:
    """These rows stay as they are, for a reason that the law knows."""
    return PersonalData(model, "keep", found_by, reason)
