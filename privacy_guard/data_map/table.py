"""What a table may have of people, and whom to find in it (ERA-3)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """What a model may have of people.

    :param links: (column, model that it leads to)
    :param pairs: (column with an id, column with the name of its model)
    :param references: columns with both, as ``model,id``
    :param many: (field, relation, column of this model, of the other, other model)
    :param inside: (column with JSON, path of ids in it, model that they lead to)
    :param texts: columns with text
    """

    model: str
    name: str
    links: tuple[tuple[str, str], ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    references: tuple[str, ...] = ()
    many: tuple[tuple[str, str, str, str, str], ...] = ()
    inside: tuple[tuple[str, str, str], ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Those that make it suspicious, without those with any text."""
        linked = (self.links, self.pairs, self.many, self.inside)
        return (*(row[0] for rows in linked for row in rows), *self.references)


@dataclass(frozen=True)
class Wanted:
    """Whom to find.

    :param records: (id of the person, model, id of a record that is theirs)
    :param addresses: (id of the person, a way to write an address, its pattern)
    :param numbers: (id of the person, the digits of a number)
    :param names: (id of the person, pattern of a name)
    :param shared: digits of numbers, and ways to write addresses, that somebody who is
        not erased has as well
    :param kin: ids of contacts that are erased, or what belongs to them
    """

    records: tuple[tuple[int, str, int], ...]
    addresses: tuple[tuple[int, str, str], ...]
    numbers: tuple[tuple[int, str], ...]
    names: tuple[tuple[int, str], ...]
    shared: tuple[str, ...] = ()
    kin: tuple[int, ...] = ()

    def ids(self, model: str) -> list[int]:
        return [res_id for _id, name, res_id in self.records if name == model]
