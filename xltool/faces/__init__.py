"""Where people meet the program: command line, buttons in Excel, the sample year."""
