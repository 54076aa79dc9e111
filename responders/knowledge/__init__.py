"""The articles that answer what customers ask: how they are read, searched, checked, measured."""
