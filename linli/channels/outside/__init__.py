"""Notices that go out by mail or text message: the words (`words`) and the calls beside the worker's other work (`calling`)."""
