from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.mail_servers import MailServers, TestCertificates, mail_devel, make_certificates


@pytest.fixture(scope="session")
def servers() -> Iterator[MailServers]:
    """A real IMAP and SMTP server; use an address of your own in every test."""
    with mail_devel() as running:
        yield running


@pytest.fixture(scope="session")
def certificates() -> TestCertificates:
    return make_certificates()
