"""How rows about a person are found.

A way to find rows is a function of the model that returns an SQL select of (id of the
subject of an erasure, id of the row). It may use these relations, which
:meth:`privacy.erasure._found_sql` puts before it:

=================  ======================================================
subject            (id, res_model, res_id): the people of the erasure
contact            (id, contact_id): those that are contacts
account            (id, user_id): their logins
address            (id, value): their e-mail addresses, in each way to write them
number             (id, value): the digits of their numbers
chatter            (id, message_id): messages in the history of their own record
own_message        (id, message_id): these, those of their requests, and what they
                   wrote elsewhere
reached            (company_id): the companies that who erases reaches
=================  ======================================================
"""

from collections.abc import Callable

from odoo.models import BaseModel
from odoo.tools import SQL

Finder = Callable[[BaseModel], SQL]

# Inside of text: `Ann <ann@example.com>, "bea b"@example.com`. An apostrophe belongs to
# it unless it stands first, as in what mail servers say: `{'ann@example.com': ...}`;
# where code has it, after a backslash.
_SIGN = r"[^[:space:]<>\",;:()\[\]\\@"
ADDRESS = rf"(?:\"(?:[^\"\\]|\\.)*\"|{_SIGN}'{{](?:{_SIGN}]|\\')*)@{_SIGN}']+"


def comparable(text: SQL) -> SQL:
    """:param text: SQL of an address as it is written
    :return: SQL of what is compared with ``address.value``"""
    return SQL("rtrim(replace(lower(btrim(%s)), %s, %s), '.')", text, r"\'", "'")


def by_contact(name: str, condition: str = "TRUE") -> Finder:
    """Rows with a link to the contact, to one or to many.

    :param str condition: on the alias "held"
    """

    def found(model: BaseModel) -> SQL:
        field = model._fields[name]
        if field.type == "many2many":
            rows = SQL(
                "SELECT contact.id, held.%s FROM contact JOIN %s AS held ON held.%s ="
                " contact.contact_id",
                SQL.identifier(field.column1),
                SQL.identifier(field.relation),
                SQL.identifier(field.column2),
            )
        else:
            rows = _joined(model, name, SQL("contact"), SQL("contact_id"))
        return SQL("%s WHERE %s", rows, SQL(condition))

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


def by_subject(name: str) -> Finder:
    """Rows with a link to the record of the person, of whatever model that is."""
    return lambda model: SQL(
        "SELECT subject.id, held.id FROM subject JOIN %s AS held"
        " ON held.%s = subject.res_id AND subject.res_model = %s",
        SQL.identifier(model._table),
        SQL.identifier(name),
        model._fields[name].comodel_name,
    )


def by_parent(name: str, *finders: Finder) -> Finder:
    """Rows with a link to rows of another model that are about the person.

    :param finders: how those are found
    """

    def found(model: BaseModel) -> SQL:
        parent = model.env[model._fields[name].comodel_name]
        return SQL(
            "SELECT parent.person, held.id FROM (%s) AS parent (person, id)"
            " JOIN %s AS held ON held.%s = parent.id",
            SQL(" UNION ").join(finder(parent) for finder in finders),
            SQL.identifier(model._table),
            SQL.identifier(name),
        )

    return found


def by_address(name: str) -> Finder:
    """Rows whose column is an address of the person."""
    return lambda model: SQL(
        "SELECT address.id, held.id FROM address JOIN %s AS held ON %s = address.value",
        SQL.identifier(model._table),
        comparable(SQL.identifier("held", name)),
    )


def by_address_in(*names: str, condition: str = "TRUE") -> Finder:
    """Rows of which a column has an address of the person among others, or with a name.

    :param names: of columns; those that the model does not have are left out
    :param condition: on the alias "held", so that an index can help
    """

    def found(model: BaseModel) -> SQL:
        columns = [
            SQL.identifier("held", name) for name in names if name in model._fields
        ]
        return SQL(
            """
            SELECT address.id, held.id
              FROM %(table)s AS held
             CROSS JOIN LATERAL regexp_matches(
                       concat_ws(' ', %(columns)s), %(address)s, 'g') AS found
              JOIN address ON address.value = %(comparable)s
             WHERE (%(any)s) AND %(condition)s
            """,
            table=SQL.identifier(model._table),
            columns=SQL(", ").join(columns),
            any=SQL(" OR ").join(SQL("%s LIKE '%%@%%'", column) for column in columns),
            address=f"({ADDRESS})",
            comparable=comparable(SQL("found[1]")),
            condition=SQL(condition),
        )

    return found


def by_number(name: str, condition: str = "TRUE") -> Finder:
    """Rows whose column is a telephone number of the person, however it is written.

    :param condition: on the alias "held"
    """
    return lambda model: SQL(
        "SELECT number.id, held.id FROM number JOIN %s AS held"
        " ON regexp_replace(held.%s, '[^0-9]', '', 'g') = number.value AND %s",
        SQL.identifier(model._table),
        SQL.identifier(name),
        SQL(condition),
    )


def of_nobody_else(name: str) -> str:
    """:param str name: of a link to a contact
    :return: condition that a row does not lead to somebody else, with whom the person
        may share an address or a number"""
    return f"(held.{name} IS NULL OR held.{name} IN (SELECT contact_id FROM contact))"


def _joined(model: BaseModel, name: str, source: SQL, column: SQL) -> SQL:
    return SQL(
        "SELECT %(source)s.id, held.id FROM %(source)s JOIN %(table)s AS held"
        " ON held.%(name)s = %(source)s.%(column)s",
        source=source,
        table=SQL.identifier(model._table),
        name=SQL.identifier(name),
        column=column,
    )
