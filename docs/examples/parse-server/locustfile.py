"""Users of a note-taking application on Parse Server: a plain Locust file, which knows nothing of Faultline."""

import random
import uuid

from locust import HttpUser, constant_pacing, task

NOTES = "/parse/classes/Note"


class NoteTaker(HttpUser):
    wait_time = constant_pacing(1)

    def on_start(self):
        self.client.headers.update({"X-Parse-Application-Id": "notes"})
        self.notes = []
        self.signed_up = False

    def sign_up(self):
        name = uuid.uuid4().hex
        response = self.client.post("/parse/users", json={"username": name, "password": name}, timeout=35)
        if response.status_code == 201:
            self.client.headers["X-Parse-Session-Token"] = response.json()["sessionToken"]
            self.signed_up = True

    @task
    def use(self):
        if not self.signed_up:
            self.sign_up()
        else:
            random.choices([self.write, self.read, self.latest, self.who_am_i], [25, 40, 15, 20])[0]()

    def write(self):
        response = self.client.post(NOTES, json={"text": "Buy milk.", "stars": random.randint(0, 5)}, timeout=35)
        if response.status_code == 201:
            self.notes.append(response.json()["objectId"])

    def read(self):
        if not self.notes:
            return self.write()
        self.client.get(f"{NOTES}/{random.choice(self.notes)}", name=f"{NOTES}/[id]", timeout=35)

    def latest(self):
        self.client.get(f"{NOTES}?order=-createdAt&limit=20", name=f"{NOTES}?latest", timeout=35)

    def who_am_i(self):
        self.client.get("/parse/users/me", timeout=35)
