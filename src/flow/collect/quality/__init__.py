"""How complete the data are: what was dropped as robots, what lies in the quarantine, how much was captured."""
