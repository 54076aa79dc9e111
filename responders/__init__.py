"""Plan and deliver one kind of answer each: public reply, private message, hiding."""
