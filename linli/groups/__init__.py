"""A group and its words. `actions.receive` stores every inbound message once before anything else happens; the
assistant gives each its outcome; `actions.say` writes 小栖's words. Only members read or write a group; staff of the
place see what became an order, through `orders`, and the group's console."""
