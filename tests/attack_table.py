"""Who tries which way to what, and what must happen.

Below each thing that is protected are lines of outcomes, for the attackers in the
order of ``ATTACKERS``, and below each of these the ways to which they apply. A way with
a star is tried over every transport, another one over one of them.

========  ==========================================================================
denied    for want of rights, or of a login
refused   with a sentence to a user
failed    with another error: there is no such thing, or the database refuses
masked    the client sees the mask
nothing   it is told nothing of the value, or changes nothing
found     by its exact value, which the client knew
written   a new value, and the access log has the line
revealed  the value, and the access log has the line
code      the value: documented as not protected, it is code on the server
========  ==========================================================================

In every cell: no byte of a secret in the answer, no other line in the access log, and
contacts, definitions of fields, withheld values, consents, events and texts as before.
"""

TABLE = """
encrypted value: read
  denied   denied   masked   masked   masked   masked
    * read
    read for writing
    * web_read
    web_read of contacts of a contact
    name with address
    * name behind a relation
    name in web_read of a relation
    copy_data
    * onchange of the company
    onchange with a default company
    vCard
    preview of a mail template
    mail of a template
    composer with a template
  denied   nothing  masked   masked   masked   masked
    * search_read
    * web_search_read
    * name_search with address
    web_name_search with address
    name of a group
    address in HTML
  denied   refused  masked   masked   masked   masked
    * export_data
    attachment of an export
    export as CSV
    export as CSV to import again
    export as XLSX
  refused  refused  masked   masked   masked   masked
    file named by a field
  denied   masked   masked   masked   masked   masked
    related field of users
    report
  masked   masked   masked   masked   masked   masked
    picture named by a field, with a token
  denied   denied   denied   denied   denied   masked
    * onchange of a user's contact
    related field
    related field of the name
    computed field
    server action that writes what it reads
    server action with code without sudo
    server action with a webhook
    automation with a webhook
  denied   masked   masked   nothing  nothing  nothing
    read own
    account page
    addresses page
  denied   denied   nothing  nothing  nothing  nothing
    onchange of a company's contact
    onchange of a bank account
    translations
    activities of contacts
    message with a name
  denied   nothing  nothing  nothing  nothing  nothing
    default_get
    mention suggestions
    messages of a contact
    contact in the back end
  nothing  nothing  nothing  nothing  nothing  nothing
    picture of a text field
    thread of a contact
    avatar card
  refused  refused  refused  refused  refused  refused
    content of a text field
    personal pages with a made-up link
  denied   denied   refused  refused  refused  refused
    * error of a constraint
  denied   denied   denied   denied   denied   nothing
    tracked values
  denied   denied   denied   denied   denied   denied
    * underscore method
    underscore method by a button
    fetch
    mapped
    record as JSON
  denied   denied   denied   denied   revealed denied
    * reveal
    button
  denied   denied   denied   denied   refused  denied
    reveal a field that is none
  denied   denied   denied   denied   denied   refused
    template that formats a mask
  denied   denied   denied   denied   denied   code
    server action with code
    mass mail with code
  denied   denied   denied   denied   denied   nothing
    template with code

encrypted value: search
  denied   nothing  found    found    found    found
    * search by guess
    search by guess, among several
  denied   nothing  nothing  nothing  nothing  nothing
    search by wrong guess
    search by guess in lower case
    search by the mask
    search below a name
    search on the name
    domain check
  denied   refused  refused  refused  refused  refused
    * search on a prefix
    search on a part
    search on what is missing
    search by comparing
    search on a dotted part
    * search along a relation
    search with any
    search with not any
    search users
    search with a hidden context
    * order by
    order by a part
    * order with a context
    * group by
    group by in a list
    group by as of old
    group by along a relation
    sets of groups
    progress bar
    progress bar of values
    * aggregate max
    aggregate min
    aggregate count
    aggregate count_distinct
    aggregate array_agg
    having
    search panel
    counters of the search panel
    export in groups
  denied   denied   refused  refused  refused  refused
    order of a web_read
    saved filter
    merge by equal values
  denied   denied   denied   denied   denied   denied
    filtered_domain
    sorted
    private search

encrypted value: write
  denied   denied   written  written  written  written
    * write
    * web_save
    web_save_multi
    copy
    tracking
    merge contacts
  denied   refused  written  written  written  written
    import
  denied   written  denied   denied   denied   denied
    account page gives a new value
  denied   denied   nothing  nothing  nothing  nothing
    * write an untouched mask
    write a translation
  denied   refused  nothing  nothing  nothing  nothing
    import an untouched mask
  denied   denied   masked   masked   masked   masked
    * web_save an untouched mask
  denied   masked   refused  refused  refused  refused
    account page sends the mask back
  denied   denied   refused  refused  refused  refused
    * write another mask
    create with a mask
    import a file with a mask
  denied   refused  refused  refused  refused  refused
    import with a mask
    account page sends another mask
  denied   denied   denied   denied   denied   refused
    * write by a related field
    keep a default
  denied   denied   denied   denied   denied   denied
    account page of somebody else

encryption itself
  denied   denied   denied   denied   denied   denied
    * switch encryption off by its state
    * show more characters
    create a field that is encrypted
    decrypt by the private method
  denied   denied   denied   denied   refused  refused
    rename the field
    store the field elsewhere
    compute the field
    translate the field
  denied   denied   denied   denied   denied   refused
    related field that is stored
    related field of what is computed from it
    uninstall
  denied   denied   denied   denied   refused  denied
    encrypt without the word
  denied   denied   refused  refused  refused  refused
    uninstall past the hook

locked field
  denied   denied   refused  refused  refused  refused
    * write a locked field
    empty a locked field
    * web_save a locked field
    write a locked field among others
    write a locked field by its company
    translate a locked field
    translate a locked field with a context
    import a file with a locked field
    write a withheld field
  denied   refused  refused  refused  refused  refused
    * import a locked field
  denied   denied   nothing  nothing  nothing  nothing
    * write a locked field with a context
    onchange of a locked field
  denied   denied   refused  refused  refused  nothing
    merge into a locked contact
  denied   denied   denied   denied   denied   refused
    server action on a locked field
    automation on a locked field

control fields
  denied   denied   denied   denied   denied   denied
    * write control fields
    * create with control fields
    * create with defaults of control fields
    copy with control fields
  denied   denied   nothing  nothing  nothing  nothing
    write control fields with a context
  denied   refused  refused  refused  refused  refused
    import control fields

withheld value
  denied   failed   failed   failed   failed   failed
    field of the sealed column
  denied   denied   nothing  nothing  nothing  nothing
    contact of a sealed value
  denied   nothing  nothing  nothing  nothing  nothing
    search a sealed value by guess
  denied   denied   denied   denied   denied   denied
    * read sealed
    group sealed
    copy sealed
    import sealed
    sealed value's open method
  denied   refused  denied   denied   denied   denied
    export sealed
  denied   refused  refused  refused  refused  refused
    create sealed
    write sealed
    web_save sealed
    * unlink sealed
  denied   denied   denied   denied   denied   refused
    grant oneself sealed

event
  denied   denied   denied   nothing  nothing  denied
    read event
    group event
  denied   refused  denied   nothing  nothing  denied
    export event
  denied   refused  refused  refused  refused  refused
    create event
    * write event
    web_save event
    * unlink event
  denied   denied   denied   refused  refused  denied
    copy event
    import event
  denied   denied   denied   denied   denied   refused
    grant oneself event
    server action with code against evidence
  denied   denied   denied   denied   denied   failed
    server action with SQL against evidence

access log
  denied   denied   denied   denied   nothing  denied
    read log
    group log
  denied   refused  denied   denied   nothing  denied
    export log
  denied   refused  refused  refused  refused  refused
    create log
    * write log
    web_save log
    * unlink log
  denied   denied   denied   denied   refused  denied
    copy log
    import log
  denied   denied   denied   denied   denied   refused
    grant oneself log
  denied   denied   denied   denied   denied   failed
    server action with SQL against the log

consent
  denied   denied   nothing  nothing  nothing  nothing
    read consent
    group consent
  denied   refused  nothing  nothing  nothing  nothing
    export consent
  denied   refused  refused  refused  refused  refused
    create consent
    * write consent
    web_save consent
    unlink consent
  denied   denied   refused  refused  refused  refused
    copy consent
    import consent
  denied   denied   denied   denied   denied   refused
    grant oneself consent

published text
  denied   denied   nothing  nothing  nothing  nothing
    read notice
    group notice
  denied   refused  nothing  nothing  nothing  nothing
    export notice
  denied   refused  refused  refused  refused  refused
    create notice
    * write notice
    web_save notice
    unlink notice
  denied   denied   refused  refused  refused  refused
    copy notice
    import notice
  denied   denied   denied   denied   denied   refused
    grant oneself notice
"""


def rows():
    """Yield (thing, outcomes, way, whether over every transport)."""
    thing = outcomes = None
    for line in filter(str.strip, TABLE.splitlines()):
        indent = len(line) - len(line.lstrip())
        if not indent:
            thing = line.strip()
        elif indent == 2:
            outcomes = line.split()
        else:
            name = line.strip()
            yield thing, outcomes, name.removeprefix("* "), name.startswith("* ")
