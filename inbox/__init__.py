"""The shared language of Tierdesk: values, ports and use cases. Standard library only."""
