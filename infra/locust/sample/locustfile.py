"""The users of the sample application: they sign up, log in, browse stories and whisper about them.

Each user has a beat of its own, once a second at a phase of its own, and makes at most one request a beat. A slow
answer costs it the beats that it missed, as it would a person; when all users were held up by the same outage they come
back at their own phases, not all at once.

HttpUser, not FastHttpUser: geventhttpclient sends an idempotent request again, up to eleven times and unseen, when the
connection closes before the answer, so what is counted would not be what the application saw.
"""

import math
import random
import time
import uuid
from collections import deque

from faultline_recorder import ledger

from locust import HttpUser, task

BEAT_SECONDS = 1.0

# The application gives up on a request after 30 s and says so: its users wait for that answer. The second is the
# longest silence on the connection, which for answers that are sent in one piece is the whole response time.
CONNECT_TIMEOUT, READ_TIMEOUT = 5.0, 35.0

WRITTEN = (200, 201)

# What the users of one worker know of: nobody asks for an id that was never seen.
stories: deque[str] = deque(maxlen=200)
whispers: deque[str] = deque(maxlen=200)


def new_id() -> str:
    return str(uuid.uuid4())


class Visitor(HttpUser):
    # What the recorder knows the intended start of a request by.
    pace_seconds = BEAT_SECONDS

    def on_start(self) -> None:
        self.phase = time.monotonic() + random.random() * BEAT_SECONDS
        self.forget_me()
        time.sleep(self.wait_time())

    def wait_time(self) -> float:
        """Until the next beat."""
        now = time.monotonic()
        beats = max(0, math.floor((now - self.phase) / BEAT_SECONDS) + 1)
        return self.phase + beats * BEAT_SECONDS - now

    @task
    def one_request(self) -> None:
        if self.user_id is None:
            self.sign_up()
        elif self.session_id is None:
            self.log_in()
        elif not stories:
            self.find_or_write_the_first_story()
        else:
            random.choices(self.habits, self.weights)[0](self)

    def sign_up(self) -> None:
        user_id = new_id()
        body = {"id": user_id, "name": f"Visitor {user_id[:8]}"}
        if self.write("users", user_id, "/users", body):
            self.user_id = user_id

    def log_in(self) -> None:
        session_id = new_id()
        if self.write("sessions", session_id, "/login", {"sessionId": session_id, "userId": self.user_id}):
            self.session_id = session_id

    def find_or_write_the_first_story(self) -> None:
        if not self.looked_for_stories:
            self.looked_for_stories = True
            self.list_stories()
        else:
            self.write_story()

    def visit_front_page(self) -> None:
        self.request("GET", "/", name="/")

    def list_stories(self) -> None:
        response = self.request("GET", "/stories?limit=20", name="/stories")
        if response.status_code == 200:
            stories.extend(story["id"] for story in response.json()["stories"] if story["id"] not in stories)

    def read_story(self) -> None:
        self.read(stories, "/stories")

    def read_whisper(self) -> None:
        if whispers:
            self.read(whispers, "/whispers")
        else:
            self.write_whisper()

    def write_whisper(self) -> None:
        whisper_id = new_id()
        body = {"id": whisper_id, "userId": self.user_id, "storyId": random.choice(stories), "text": "So true."}
        if self.write("transactions", whisper_id, "/whispers", body):
            whispers.append(whisper_id)

    def write_story(self) -> None:
        # Not in the ledger: its class would be 'users', and those are read back as users.
        story_id = new_id()
        text = "It was a dark and stormy night. " * 8
        body = {"id": story_id, "userId": self.user_id, "title": "A story", "body": text}
        if self.request("POST", "/stories", name="/stories", json=body).status_code in WRITTEN:
            stories.append(story_id)

    def log_in_again(self) -> None:
        self.session_id = None
        self.log_in()

    def leave_to_someone_new(self) -> None:
        self.forget_me()
        self.sign_up()

    habits = (
        list_stories,
        read_story,
        read_whisper,
        write_whisper,
        visit_front_page,
        write_story,
        log_in_again,
        leave_to_someone_new,
    )
    weights = (20, 30, 15, 20, 7, 2, 3, 3)

    def forget_me(self) -> None:
        self.user_id: str | None = None
        self.session_id: str | None = None
        self.looked_for_stories = False

    def read(self, known: deque[str], path: str) -> None:
        wanted = random.choice(known)
        response = self.request("GET", f"{path}/{wanted}", name=f"{path}/[id]")
        if response.status_code == 404 and wanted in known:
            known.remove(wanted)

    def write(self, data_class: str, key: str, path: str, body: dict[str, str | None]) -> bool:
        """A write that the ledger keeps. True when it was acknowledged."""
        with ledger.write(data_class, key) as mark:
            response = self.request("POST", path, name=path, json=body)
            written = response.status_code in WRITTEN
            mark.acked() if written else mark.failed(response)
        return written

    def request(self, method: str, path: str, **more):
        headers = {"x-session": self.session_id} if self.session_id else {}
        timeout = (CONNECT_TIMEOUT, READ_TIMEOUT)
        response = self.client.request(method, path, headers=headers, timeout=timeout, **more)
        if response.status_code == 401:
            self.session_id = None
        return response
