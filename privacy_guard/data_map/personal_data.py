"""What a model holds about people, how it is found, and what erasing does to it.

A way to find rows is a function of the model that returns an SQL select of (id of the
subject of an erasure, id of the row). It may use these relations, which
:meth:`privacy.erasure._found_sql` puts before it:

=================  ======================================================
subject            (id, res_model, res_id): the people of the erasure
contact            (id, contact_id): those that are contacts
account            (id, user_id): their logins
address, number    (id, value): their normalised e-mail addresses; digits of numbers
chatter            (id, message_id): messages in the history of their own record
own_message        (id, message_id): these, those of their requests, and what they
                   wrote elsewhere
=================  ======================================================
"""

from collections.abc import Callable
from dataclasses import dataclass

from odoo.models import BaseModel
from odoo.tools import SQL

Finder = Callable[[BaseModel], SQL]

TREATMENTS = [
    ("delete", "Deleted"),
    ("blank", "Blanked"),
    ("anonymise", "Anonymised"),
    ("keep", "Kept"),
]
# Inside of text: `Ann <ann@example.com>, bea@example.com`
ADDRESS = r"[^[:space:]<>\"',;:()\[\]]+@[^[:space:]<>\"',;:()\[\]]+"


@dataclass(frozen=True)
class PersonalData:
    """Rows of one model that are about a person, and how erasing treats them.

    :param treatment: of ``TREATMENTS``
    :param found_by: functions of this module, or of the same form
    :param reason: of ``privacy.data.map._reasons()``; for what is kept it names
        the legal basis
    :param blank: columns that become empty
    :param label: columns that become an anonymous label of the row
    :param redact: columns in which what identifies the person is replaced
    :param archive: whether the row is archived too
    :param plain: whether rows are deleted past what their model does then
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

    @property
    def columns(self) -> tuple[str, ...]:
        return self.blank + self.label + self.redact


def by_contact(name: str) -> Finder:
    """Rows with a link to the contact, to one or to many."""

    def found(model: BaseModel) -> SQL:
        field = model._fields[name]
        if field.type == "many2many":
            return SQL(
                "SELECT contact.id, held.%s FROM contact JOIN %s AS held ON held.%s ="
                " contact.contact_id",
                SQL.identifier(field.column1),
                SQL.identifier(field.relation),
                SQL.identifier(field.column2),
            )
        return _joined(model, name, SQL("contact"), SQL("contact_id"))

    return found


def by_account(name: str) -> Finder:
    """Rows with a link to a login of the person."""
    return lambda model: _joined(model, name, SQL("account"), SQL("user_id"))


def by_message(name: str, source: str = "own_message") -> Finder:
    """Rows that belong to a message of the person.

    :param source: own_message or chatter
    """
    return lambda model: _joined(model, name, SQL.identifier(source), SQL("message_id"))


def by_record(model_name: str = "res_model", id_name: str = "res_id") -> Finder:
    """Rows about the record of the person, by its model and id."""
    return lambda model: SQL(
        "SELECT subject.id, held.id FROM subject JOIN %s AS held"
        " ON held.%s = subject.res_id AND held.%s = subject.res_model",
        SQL.identifier(model._table),
        SQL.identifier(id_name),
        SQL.identifier(model_name),
    )


def by_address(name: str) -> Finder:
    """Rows whose column is an address of the person."""
    return lambda model: SQL(
        "SELECT address.id, held.id FROM address JOIN %s AS held"
        " ON lower(held.%s) = address.value",
        SQL.identifier(model._table),
        SQL.identifier(name),
    )


def by_address_in(*names: str, condition: str = "TRUE") -> Finder:
    """Rows of which a column has an address of the person among others, or with a name.

    :param condition: on the alias "held", so that an index can help
    """

    def found(model: BaseModel) -> SQL:
        columns = [SQL.identifier("held", name) for name in names]
        return SQL(
            """
            SELECT address.id, held.id
              FROM %(table)s AS held
             CROSS JOIN LATERAL regexp_matches(
                       concat_ws(' ', %(columns)s), %(address)s, 'g') AS found
              JOIN address ON address.value = lower(found[1])
             WHERE (%(any)s) AND %(condition)s
            """,
            table=SQL.identifier(model._table),
            columns=SQL(", ").join(columns),
            any=SQL(" OR ").join(SQL("%s LIKE '%%@%%'", column) for column in columns),
            address=f"({ADDRESS})",
            condition=SQL(condition),
        )

    return found


def by_number(name: str) -> Finder:
    """Rows whose column is a telephone number of the person, however it is written."""
    return lambda model: SQL(
        "SELECT number.id, held.id FROM number JOIN %s AS held"
        " ON regexp_replace(held.%s, '[^0-9]', '', 'g') = number.value",
        SQL.identifier(model._table),
        SQL.identifier(name),
    )


def _joined(model: BaseModel, name: str, source: SQL, column: SQL) -> SQL:
    return SQL(
        "SELECT %(source)s.id, held.id FROM %(source)s JOIN %(table)s AS held"
        " ON held.%(name)s = %(source)s.%(column)s",
        source=source,
        table=SQL.identifier(model._table),
        name=SQL.identifier(name),
        column=column,
    )
