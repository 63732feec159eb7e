"""The certificate that the FTP service shows, and the TLS settings it is used with."""

from __future__ import annotations

import base64
import datetime
import hashlib
import ipaddress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from OpenSSL import SSL

from wire.errors import UsageError

_VALIDITY = datetime.timedelta(days=365)
_CLOCK_SKEW = datetime.timedelta(days=1)

_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Certificate:
    """A certificate with its key, ready to serve: TLS 1.2 and up (RFC 9325)."""

    context: SSL.Context
    fingerprint: str
    """SHA-256 of the certificate's DER, as hex pairs: `AB:CD:...`."""
    public_key_pin: str
    """SHA-256 of its public key, as curl's --pinnedpubkey takes it (RFC 7469, section 2.4)."""

    @classmethod
    def self_signed(cls, *names: str) -> Certificate:
        """Make one for `names` (host names or addresses); its key never leaves memory."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Wirelab FTP")])
        now = datetime.datetime.now(datetime.UTC)
        builder = (
            x509.CertificateBuilder(subject_name=subject, issuer_name=subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _CLOCK_SKEW)
            .not_valid_after(now + _VALIDITY)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        )
        if names:
            alternatives = x509.SubjectAlternativeName(map(_general_name, names))
            builder = builder.add_extension(alternatives, critical=False)
        return cls._of([builder.sign(key, hashes.SHA256())], key)

    @classmethod
    def from_files(cls, certificate: Path, key: Path) -> Certificate:
        """Read PEM files: the certificate, its chain behind it, and its key without passphrase.

        Raises UsageError.
        """
        try:
            chain = x509.load_pem_x509_certificates(certificate.read_bytes())
            private = serialization.load_pem_private_key(key.read_bytes(), password=None)
            return cls._of(chain, cast(_Key, private))
        except OSError as error:
            raise UsageError(
                f"can't read {error.filename}: {error.strerror}",
                "give both --cert and --key as PEM files",
            ) from error
        except (ValueError, TypeError, SSL.Error) as error:
            raise UsageError(
                f"{certificate} and {key} are no certificate and its key",
                "give PEM files that belong together, the key without a passphrase",
            ) from error

    @classmethod
    def _of(cls, chain: list[x509.Certificate], key: _Key) -> Certificate:
        context = SSL.Context(SSL.TLS_SERVER_METHOD)
        context.set_min_proto_version(SSL.TLS1_2_VERSION)
        context.set_options(SSL.OP_NO_COMPRESSION | SSL.OP_NO_RENEGOTIATION)
        context.use_certificate(chain[0])
        for issuer in chain[1:]:
            context.add_extra_chain_cert(issuer)
        context.use_privatekey(key)
        context.check_privatekey()
        public_key = (
            chain[0]
            .public_key()
            .public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        )
        pin = base64.b64encode(hashlib.sha256(public_key).digest()).decode()
        digest = chain[0].fingerprint(hashes.SHA256())
        return cls(context, digest.hex(":").upper(), pin)


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
