"""A time stamping authority (RFC 3161) for tests: real certificates and tokens, which
the program openssl takes as well."""

import datetime
from hashlib import sha256

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

DAY = datetime.timedelta(days=1)
SHA256 = {"algorithm": "sha256"}


class Authority:
    def __init__(self, name="Authority"):
        self.root_key = ec.generate_private_key(ec.SECP256R1())
        self.root = self._certificate(f"{name} root", self.root_key, is_root=True)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._certificate(name, self.key)
        self.serial = 0

    @property
    def pem(self):
        return self.root.public_bytes(Encoding.PEM).decode()

    def _certificate(self, name, key, is_root=False):
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        now = datetime.datetime.now(datetime.timezone.utc)
        usage = x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING])
        public = self.root_key.public_key()
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if is_root else self.root.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - DAY)
            .not_valid_after(now + DAY)
            .add_extension(
                x509.BasicConstraints(ca=True, path_length=None) if is_root else usage,
                critical=True,
            )
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(public), False
            )
            .sign(self.root_key, hashes.SHA256())
        )

    def answer(self, query, **changes):
        """:param bytes query: as it was posted
        :param changes: of what is signed, say another ``nonce``
        :return: the answer as bytes"""
        token = self.token(tsp.TimeStampReq.load(query), changes)
        made = {"status": {"status": "granted"}, "time_stamp_token": token}
        return tsp.TimeStampResp(made).dump()

    def refusal(self):
        status = {"status": "rejection", "status_string": ["Pay first."]}
        content = tsp.PKIStatusInfo(status).dump()
        return bytes([0x30, len(content)]) + content  # without a token

    def token(self, asked, changes):
        self.serial += 1
        info = {
            "version": "v1",
            "policy": "1.2.3.4.1",
            "message_imprint": asked["message_imprint"],
            "serial_number": self.serial,
            "gen_time": datetime.datetime.now(datetime.timezone.utc),
            "nonce": asked["nonce"].native,
            **changes,
        }
        content = tsp.TSTInfo(info).dump()
        own = asn1.Certificate.load(self.certificate.public_bytes(Encoding.DER))
        signed = {
            "version": "v3",
            "digest_algorithms": [SHA256],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": cms.ParsableOctetString(content),
            },
            "certificates": [own],
            "signer_infos": [self._signed(content, own)],
        }
        return {"content_type": "signed_data", "content": cms.SignedData(signed)}

    def _signed(self, content, own):
        chosen = {"cert_hash": sha256(own.dump()).digest()}
        attributes = cms.CMSAttributes(
            [
                _attribute("content_type", "tst_info"),
                _attribute("message_digest", sha256(content).digest()),
                _attribute(
                    "signing_certificate_v2",
                    tsp.SigningCertificateV2({"certs": [chosen]}),
                ),
            ]
        )
        signature = self.key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256()))
        issuer = {"issuer": own.issuer, "serial_number": own.serial_number}
        return {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": issuer}),
            "digest_algorithm": SHA256,
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": core.OctetString(signature),
        }


def _attribute(kind, value):
    return cms.CMSAttribute({"type": kind, "values": [value]})
