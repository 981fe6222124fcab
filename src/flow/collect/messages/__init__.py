"""Messages with guests by SMS, Instagram and Messenger: taken in, sent, and followed until they have arrived.

guest's message → receiving → stop word? keyword? else → the entry point of conversations
answer          → sending (a row of messages, a queued call) → the provider → reports move its status forward
"""
