"""The use cases of a year, one a file: the only room that knows what comes after what.

Every face (the command line, the buttons in Excel) calls these functions. Most take a year's folder
and give a `Done`. A fault in somebody's data is a finding in it; only a fault of the
machine is raised (`WorkspaceError`, with a message for the coordinator).
"""
