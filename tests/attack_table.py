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
done      the attacker may do this, and it happened
copy      a copy of a person's data, which the access log told of when it was made
kept      the mail was cancelled, with the reason
sent      the mail goes out, as a user wrote it by hand
========  ==========================================================================

In every cell: no byte of a secret in the answer, no other line in the access log, and
contacts, definitions of fields, withheld values, consents, events, texts, requests,
erasures, copies, the suppression list and the logs as before.
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
    contact in the back end
  denied   nothing  masked   masked   masked   masked
    messages of a contact
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
    search on a part of a number
    search on a part of any number
    search on a part of a clean number
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
    import a user whose contact has no name
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
    * write who somebody is
    web_save who somebody is
    create with who somebody is
  denied   denied   nothing  nothing  nothing  nothing
    write control fields with a context
  denied   refused  refused  refused  refused  refused
    import control fields
    import who somebody is

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

setting change
  denied   denied   denied   denied   nothing  denied
    read setting change
    group setting change
  denied   refused  denied   denied   nothing  denied
    export setting change
  denied   refused  refused  refused  refused  refused
    create setting change
    * write setting change
    web_save setting change
    * unlink setting change
  denied   denied   denied   denied   refused  denied
    copy setting change
    import setting change
  denied   denied   denied   denied   denied   refused
    grant oneself setting change
    give the officers' id to another group
    take the officers' id away

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

request
  denied   denied   denied   nothing  nothing  denied
    read request
    group request
  denied   refused  denied   nothing  nothing  denied
    export request
  denied   refused  refused  refused  refused  refused
    create request
    * write request
    web_save request
    unlink request
  denied   denied   denied   refused  refused  denied
    copy request
    import request
  denied   denied   denied   denied   denied   refused
    grant oneself request
  denied   denied   denied   denied   refused  denied
    erase for a request without its dry run
  denied   denied   denied   denied   done     denied
    * take a request in hand
    * execute a request
    refuse a request
    record a request
    own a request
  denied   denied   denied   denied   refused  denied
    give a request to somebody who is no officer
    execute a request that nobody has proved
  denied   denied   denied   denied   denied   denied
    request: private methods
    request: read the code
    request: search for the code
  denied   denied   denied   denied   done     done
    * request: hide all by a filter that everybody gets
    request: a button that everybody gets

erasure
  denied   denied   denied   denied   nothing  denied
    read erasure
    group erasure
    read person erased
    group person erased
    read row erased
    group row erased
    read finding
    group finding
    erasure: its certificate
  denied   refused  denied   denied   nothing  denied
    export erasure
    export person erased
    export row erased
    export finding
  denied   refused  refused  refused  refused  refused
    create erasure
    * write erasure
    web_save erasure
    unlink erasure
    create person erased
    write person erased
    web_save person erased
    unlink person erased
    create row erased
    write row erased
    web_save row erased
    unlink row erased
    create finding
    write finding
    web_save finding
    unlink finding
  denied   denied   denied   denied   refused  denied
    copy erasure
    import erasure
    copy person erased
    import person erased
    copy row erased
    import row erased
    copy finding
    import finding
    erasure: confirm without the word
    erasure: an employee
    erasure: cancel one that is done
  denied   denied   denied   denied   denied   refused
    grant oneself erasure
    grant oneself person erased
    grant oneself row erased
    grant oneself finding
  denied   denied   denied   denied   done     denied
    * erasure: make a dry run
    erasure: make a dry run by an address
    * erasure: confirm a dry run
  denied   denied   denied   denied   denied   denied
    erasure: private methods
  refused  refused  refused  refused  nothing  refused
    erasure: the certificate of somebody else

suppression list
  denied   denied   denied   denied   nothing  denied
    read suppression
    group suppression
    suppression: search by guess
  denied   refused  denied   denied   nothing  denied
    export suppression
  denied   refused  refused  refused  refused  refused
    create suppression
    write suppression
    web_save suppression
    * unlink suppression
  denied   denied   denied   denied   refused  denied
    copy suppression
    import suppression
  denied   denied   denied   denied   denied   refused
    grant oneself suppression
  denied   denied   denied   denied   done     denied
    * suppression: release an address
  denied   denied   refused  refused  refused  refused
    suppression: bring somebody back

copy of data
  denied   denied   denied   nothing  nothing  denied
    read copy of data
    group copy of data
  denied   refused  denied   nothing  nothing  denied
    export copy of data
  denied   refused  refused  refused  refused  refused
    create copy of data
    write copy of data
    web_save copy of data
    unlink copy of data
  denied   denied   denied   refused  refused  denied
    copy copy of data
    import copy of data
  denied   denied   denied   denied   denied   refused
    grant oneself copy of data
  denied   refused  refused  refused  refused  refused
    create part of a copy
    * write part of a copy
    web_save part of a copy
    unlink part of a copy
  denied   denied   denied   denied   denied   denied
    * read part of a copy
    group part of a copy
    copy part of a copy
    import part of a copy
    copy: private methods
  denied   refused  denied   denied   denied   denied
    export part of a copy
  denied   denied   denied   denied   denied   refused
    grant oneself part of a copy
  denied   denied   denied   denied   done     denied
    * copy: ask for one
  denied   denied   denied   nothing  nothing  denied
    copy: where it is downloaded
  denied   denied   denied   denied   copy     denied
    copy: download what an officer asked for
  denied   denied   denied   denied   refused  denied
    copy: download what the person asked for
  refused  refused  refused  refused  refused  refused
    copy: with a made-up link
    copy: with the link of another one
    copy: with a link to the preferences
  nothing  nothing  nothing  nothing  nothing  nothing
    copy: open its page

e-mail opt-in
  denied   denied   denied   done     done     denied
    * opt in
    opt out
    opt-in: ask for the confirmation
  denied   denied   denied   refused  refused  denied
    opt-in: of somebody who has stopped
  denied   denied   denied   denied   denied   denied
    * opt-in: write it
    opt-in: create with it
    opt-in: create with a default of it
    opt-in: private methods
  denied   refused  refused  refused  refused  refused
    opt-in: import it
  refused  refused  refused  refused  refused  refused
    opt-in: with a made-up link
    opt-in: with a link to the preferences
  denied   denied   denied   nothing  nothing  denied
    read opt-in change
    group opt-in change
  denied   refused  denied   nothing  nothing  denied
    export opt-in change
  denied   refused  refused  refused  refused  refused
    create opt-in change
    write opt-in change
    web_save opt-in change
    unlink opt-in change
  denied   denied   denied   refused  refused  denied
    copy opt-in change
    import opt-in change
  denied   denied   denied   denied   denied   refused
    grant oneself opt-in change

contact who has stopped
  denied   denied   refused  refused  refused  refused
    * stopped: write
    stopped: web_save
    stopped: among others
    stopped: archive
    * stopped: unlink
    * stopped: new address
    stopped: new contact below
    stopped: new bank account
    stopped: picture
    stopped: tag
    stopped: create a tag
  denied   refused  refused  refused  refused  refused
    stopped: import
  denied   denied   nothing  nothing  nothing  nothing
    stopped: write with a context
  denied   denied   refused  refused  done     refused
    stopped: merge
  denied   denied   denied   denied   done     denied
    * stopped: reopen
  denied   denied   denied   denied   denied   denied
    stopped: reopen by private methods
  denied   denied   denied   nothing  nothing  denied
    read status change
    group status change
  denied   refused  denied   nothing  nothing  denied
    export status change
  denied   refused  refused  refused  refused  refused
    create status change
    write status change
    web_save status change
    unlink status change
  denied   denied   denied   refused  refused  denied
    copy status change
    import status change
  denied   denied   denied   denied   denied   refused
    grant oneself status change

mail to somebody who has stopped
  denied   denied   denied   denied   denied   kept
    * mail: create one
    mail: create one to the address
    mail: create one to the address in another form
    * mail: with a context
    mail: by a server action
  denied   denied   denied   denied   denied   denied
    mail: with a class
    mail: with a default of the class
    mail: change the class
  denied   denied   kept     kept     kept     kept
    * mail: by a template
    mail: by the composer to many
    mail: by the composer about several documents
    mail: by a message of a machine
    mail: by a message by hand with a context
  denied   denied   sent     sent     sent     sent
    mail: by a message by hand
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
