"""What became of an attack, and whether nothing came out or changed besides."""

from attack_company import MASK, secret
from attack_ways import WAYS, Attack
from attack_world import LEAKS

MASKS = [
    MASK.encode(),
    MASK.encode("unicode_escape"),  # in JSON
    b"%E2%80%A2%E2%80%A2%E2%80%A2%E2%80%A21234",  # in the header of a file
]
# Where exactly this value is told, and nothing else of what is secret.
TELLING = ("revealed", "code")


def attempt(world, who, way, transport):
    """:return: (outcome, error message)"""
    attack = Attack(world, who, transport)
    try:
        answer = WAYS[way](attack)
    finally:
        changed, lines, log_is_same = world.news()
    assert not changed, f"{changed} changed"
    assert log_is_same, "former lines of the access log changed"
    told = _everything(attack)
    outcome = _outcome(attack, answer, told, lines)
    if outcome in TELLING:
        told = told.replace(secret("ref").encode(), b"")
    leak = LEAKS.search(told)
    assert not leak, f"{leak.group()} in {told[max(leak.start() - 500, 0) :][:1000]}"
    return outcome, answer.message


def _everything(attack):
    """:return: all that the attacker was sent, headers included"""
    return b"\n".join(
        answer.raw + repr(answer.headers).encode() for answer in attack.answers
    )


def _outcome(attack, answer, told, lines):
    if lines:
        uid = attack.users[attack.who]["uid"]
        assert {line[0] for line in lines} == {uid}, "logged under another name"
        [action] = {line[1] for line in lines}
        return {"reveal": "revealed", "change": "written"}[action]
    if answer.kind != "ok":
        return answer.kind
    if answer.value == [attack.ann]:
        return "found"
    if secret("ref").encode() in told:
        return "code"
    return "masked" if any(mask in told for mask in MASKS) else "nothing"
