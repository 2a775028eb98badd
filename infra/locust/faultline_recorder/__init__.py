"""Faultline's recorder for Locust. `faultline_recorder.ledger` is what a Locust file may use of it."""
