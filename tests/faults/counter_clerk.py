"""A child process that works at the counter until it is killed, and notes with fsync whatever was acknowledged.

python -m tests.faults.counter_clerk FOLDER SEED
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from data.records import Actor, Channel, StaffRole
from services.backups import make_backup
from services.drafts import attach_file, save_draft
from services.errors import ShopError
from services.inquiries import list_inquiries
from services.intake import fetch_mail
from services.mail.imap_inbox import open_mailbox
from services.noting import Outcome, note_contact
from services.process import ProcessSettings
from services.replies import send_reply
from services.sending import send_due, settle_interrupted
from services.shop import Shop, wall_clock
from services.staff import list_staff
from services.wiring import open_shop


class Clerk:
    """Does random things and writes down what was promised to be kept."""

    def __init__(self, shop: Shop, seed: int) -> None:
        self.shop = shop
        self.chance = random.Random(seed)
        self.acks = (shop.folder.parent / "acks.jsonl").open("a", encoding="utf-8")
        self.ack_lock = threading.Lock()
        staff = list_staff(shop.store)[0]
        self.actor = Actor(staff.id, staff.name, StaffRole.OWNER, "de", "clerk")

    def acknowledge(self, **what: object) -> None:
        with self.ack_lock:
            self.acks.write(json.dumps(what) + "\n")
            self.acks.flush()
            os.fsync(self.acks.fileno())

    def work(self) -> None:
        while True:
            try:
                self.chance.choice([self.note, self.draft, self.attach, self.reply, self.fetch, self.back_up])()
            except ShopError:
                continue

    def _some_inquiry(self) -> tuple[int, int]:
        found = list_inquiries(self.shop, self.actor)
        rows = [line.row for line in found.waiting + found.with_customer if line.row.channel == "mail"]
        row = self.chance.choice(rows)
        version = self.shop.store.read("SELECT version FROM inquiry WHERE id = $id", {"id": row.id})[0][0]
        return row.id, int(version)

    def note(self) -> None:
        words = f"Notiz {self.chance.random()}"
        inquiry_id = note_contact(
            self.shop, self.actor, who="Hr. Novak", need=words, reach="0512 555 873", channel=Channel.CALL,
            outcome=Outcome.MESSAGE,
        )  # fmt: skip
        self.acknowledge(kind="inquiry", id=inquiry_id, words=words)

    def draft(self) -> None:
        inquiry_id, version = self._some_inquiry()
        body = f"Entwurf {self.chance.random()}"
        save_draft(self.shop, self.actor, inquiry_id, body=body, subject="", cc="", seen_version=version)
        self.acknowledge(kind="draft", id=inquiry_id, body=body)

    def attach(self) -> None:
        inquiry_id, _ = self._some_inquiry()
        content = self.chance.randbytes(2000)
        file_id = attach_file(self.shop, self.actor, inquiry_id, "bild.jpg", content)
        self.acknowledge(kind="file", id=file_id, sha256=hashlib.sha256(content).hexdigest())

    def reply(self) -> None:
        inquiry_id, version = self._some_inquiry()
        key = f"{self.chance.random()}"
        body = f"Antwort {key}"
        message_id = send_reply(self.shop, self.actor, inquiry_id, body=body, seen_version=version, form_key=key)
        self.acknowledge(kind="reply", id=message_id, inquiry=inquiry_id, body=body)

    def fetch(self) -> None:
        fetch_mail(self.shop)

    def back_up(self) -> None:
        if self.chance.random() < 0.05:
            make_backup(self.shop, now=self.shop.now())


def main() -> None:
    """Open the shop, settle what the last kill left, then work while a second thread sends."""
    folder, seed = Path(sys.argv[1]), int(sys.argv[2])
    opened = open_shop(ProcessSettings(folder=folder))
    # 20 seconds of holding pass at once: every reply is due when it is queued
    shop = replace(opened, mailbox=open_mailbox)
    late = replace(shop, clock=lambda: wall_clock() + timedelta(seconds=21))
    settle_interrupted(shop)
    clerk = Clerk(shop, seed)
    fetch_mail(shop)

    def send() -> None:
        while True:
            send_due(late)

    threading.Thread(target=send, daemon=True).start()
    clerk.acknowledge(kind="start")
    clerk.work()


if __name__ == "__main__":
    main()
