"""Records a Locust test for Faultline, beside any Locust file: `locust -f locustfile.py,faultline_plugin.py`."""

from faultline_recorder.plugin import install

import locust

install(locust.events)
