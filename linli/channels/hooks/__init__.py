"""Webhooks: other systems hear what happens to orders. Signed as Standard Webhooks has it, tried again for a day."""
