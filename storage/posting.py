"""What is kept of a response that was sent, besides itself: the way back to it, and whom to tell of results."""

from sqlalchemy import Connection

from storage import contacts, links
from storage.drafts import StoredDraft
from storage.mailbag import Sent
from storage.running import Running


def post(connection: Connection, running: Running, draft: StoredDraft, user_id: int, sent: Sent) -> None:
    """Adds it to the account's link row, and an entry to the contact box."""
    row, link = running.row, running.keys.link(user_id)
    links.write(connection, link, row.id, (*links.read(connection, link), sent.response_id))
    language = draft.session.language or row.consultation.languages[0]
    contacts.put(connection, row, draft.chat_id, draft.session.purposes, language)
