"""The optional second opinion: a sentence encoder with a head learned from the project's corpus."""
