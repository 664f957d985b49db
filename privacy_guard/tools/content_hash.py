"""What was sent, as a hash that whoever holds the message can compute as well."""

import hashlib


def content_hash(subject: str, body: str) -> str:
    """
    :param subject: one line, as it left; of a text message there is none
    :param body: the HTML of a mail, or the text of a message
    :return: SHA-256 of the subject, a line feed and the body, in UTF-8. How lines end,
        and what is empty around the body, is the mail server's and does not count
    """
    lines = body.encode(errors="surrogatepass").strip().splitlines()
    text = subject.encode(errors="surrogatepass") + b"\n" + b"\n".join(lines)
    return hashlib.sha256(text).hexdigest()
