"""A small name server on this machine, for tests: no other is ever asked."""

import socketserver
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset

SILENT = "silent"  # a name below which nobody answers


class _Answer(socketserver.BaseRequestHandler):
    def handle(self):
        data, socket = self.request
        query = dns.message.from_wire(data)
        name = query.question[0].name.to_text(omit_final_dot=True).lower()
        self.server.asked.append(name)
        if name.startswith(SILENT) or f".{SILENT}" in name:
            return
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        texts = self.server.records.get(name)
        if texts:
            quoted = (self._quoted(text) for text in texts)
            row = dns.rrset.from_text_list(f"{name}.", 60, "IN", "TXT", quoted)
            answer.answer.append(row)
        elif texts is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        socket.sendto(answer.to_wire(), self.client_address)

    def _quoted(self, text):
        """A string of a record has 255 bytes at most."""
        parts = (text[at : at + 250] for at in range(0, len(text), 250))
        return " ".join(f'"{part}"' for part in parts)


class NameServer(socketserver.ThreadingUDPServer):
    """Knows the TXT records that it is told, and none else. While it is there, it is
    the one that is asked."""

    daemon_threads = True

    def __init__(self, records):
        """:param dict records: {name: list of texts}, an empty one for a name that
        has other records"""
        super().__init__(("127.0.0.1", 0), _Answer)
        self.records, self.asked = records, []

    def __enter__(self):
        self.thread = threading.Thread(target=self.serve_forever, args=(0.05,))
        self.thread.start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = [self.server_address[0]]
        resolver.port = self.server_address[1]
        self.former, dns.resolver.default_resolver = (
            dns.resolver.default_resolver,
            resolver,
        )
        return self

    def __exit__(self, *_error):
        dns.resolver.default_resolver = self.former
        self.shutdown()
        self.thread.join()
        self.server_close()
